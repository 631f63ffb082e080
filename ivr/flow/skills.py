"""skills.yaml: what operators can know, by the names that flows and the roster use."""

from __future__ import annotations

from pydantic import Field

from ivr.flow.model import Form, LanguageCode, Name

SKILLS = "skills.yaml"
"""Its name in the configuration's folder; where it is missing every name is a skill."""


class SkillsForm(Form):
    """skills.yaml."""

    skills: dict[Name, dict[LanguageCode, str]] = Field(
        min_length=1, description="skill -> its name in each language: {ru: Платежи, en: Payments}"
    )
