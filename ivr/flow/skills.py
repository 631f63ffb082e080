"""skills.yaml: what operators can know, by the names that flows and the roster use."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from ivr.flow.model import Form, LanguageCode, Name
from routing.alternatives import any_of

SKILLS = "skills.yaml"
"""Its name in the configuration's folder; where it is missing every name is a skill."""


class SkillsForm(Form):
    """skills.yaml."""

    skills: dict[Name, dict[LanguageCode, str]] = Field(
        min_length=1, description="skill -> its name in each language: {ru: Платежи, en: Payments}"
    )


def one_of(needs: Mapping[str, int]) -> dict[str, int]:
    """That one of these is enough, as the router is told it: one need, or none at all."""
    return any_of(needs)
