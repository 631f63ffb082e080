"""sections.yaml: what callers ask about, section by section and category by category, and by when they are answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from pydantic import Field, WithJsonSchema

from ivr.flow.escalation import Rule, RuleForm, rules
from ivr.flow.loader import Source
from ivr.flow.model import Form, LanguageCode, Name, Node, Texts
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.term import Term, Terms, read_term, read_terms
from ivr.messages import Message, Unfit

SECTIONS = "sections.yaml"
"""Its name in the configuration's folder; it may be missing where no flow names a section."""

_ONE = {"type": "string", "pattern": r"^\d{1,3}\s*(h|working days?)$"}
_RANGE = {"type": "string", "pattern": r"^(\d{1,3}\s*-\s*)?\d{1,3}\s*(h|working days?)$"}
_IN_LANGUAGES = "the name in each language"


class CategoryForm(Form):
    """One category of a section."""

    names: dict[LanguageCode, str] = Field(description=_IN_LANGUAGES)
    kind: Name | None = Field(None, description="what sort of request it is; by default the section's")
    deadline: Annotated[str, WithJsonSchema(_ONE)] | None = Field(
        None, description="a term of its own within its kind's: 3 working days; by default the kind's longest"
    )
    complexity: int = Field(1, ge=1, le=5, description="from 1 (anybody answers it) to 5")


class SectionForm(Form):
    """One section: names, and its categories."""

    names: dict[LanguageCode, str] = Field(description=_IN_LANGUAGES)
    kind: Name = Field(description="what sort of request it is as long as no category is known")
    categories: dict[Name, CategoryForm] = Field(default_factory=dict, description="name -> category")


class SectionsForm(Form):
    """sections.yaml."""

    kinds: dict[Name, Annotated[str, WithJsonSchema(_RANGE)]] = Field(
        min_length=1, description="sort of request -> by when it is answered: 24h, or 3-7 working days"
    )
    sections: dict[Name, SectionForm] = Field(min_length=1, description="name -> section")
    escalation: dict[Name, RuleForm] = Field(
        default_factory=dict, description="name -> what happens to a request that is overdue, the first one first"
    )


@dataclass(frozen=True, slots=True)
class Category:
    """One category. ``names``: by language; ``term``: by when its requests are answered."""

    name: str
    section: str
    names: Texts
    term: Term
    complexity: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """One section. ``term``: of a request whose category is not known."""

    name: str
    names: Texts
    term: Term
    categories: Mapping[str, Category]


@dataclass(frozen=True)
class Sections:
    """All of them; a category's name is in one section only. ``escalation``: of requests that are overdue."""

    sections: Mapping[str, Section] = field(default_factory=dict)
    escalation: tuple[Rule, ...] = ()

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        """Every category by name."""
        return {name: category for section in self.sections.values() for name, category in section.categories.items()}

    def after(self, node: Node, section: str, category: str) -> tuple[str, str]:
        """What a call is about on this node, when it was about ``section`` and ``category`` before it.

        A category brings its section with it; another section makes the category unknown.
        """
        if node.category:
            known = self.categories.get(node.category)
            return node.section or (known.section if known else section), node.category
        return (section, category) if node.section in (None, section) else (node.section or "", "")

    def term(self, section: str, category: str) -> str:
        """By when such a request is answered, as ``read_term`` reads it; "" where nothing says so."""
        known = self.categories.get(category) or self.sections.get(section)
        return str(known.term) if known else ""

    def complexity(self, category: str) -> int:
        """From 1 (anybody answers it, or nothing is known) to 5."""
        known = self.categories.get(category)
        return known.complexity if known else 1


def sections(form: SectionsForm, source: Source) -> tuple[Sections, list[Problem]]:
    """What the file says, and what of it makes no sense."""
    reading = _Reading(form, source)
    found = {name: reading.section(name, each) for name, each in form.sections.items()}
    escalation, disorder = rules(form.escalation, source)
    return Sections(found, escalation), reading.problems + disorder


class _Reading:
    """One reading of the file."""

    def __init__(self, form: SectionsForm, source: Source) -> None:
        self.source, self.problems = source, list[Problem]()
        self.kinds = dict(self._kinds(form))
        self.owners: dict[str, str] = {}

    def section(self, name: str, form: SectionForm) -> Section:
        path = ("sections", name)
        terms = self.kind(form.kind, (*path, "kind"))
        categories = {each: self.category(each, name, given, form) for each, given in form.categories.items()}
        return Section(name, form.names, terms.most, categories)

    def category(self, name: str, section: str, form: CategoryForm, parent: SectionForm) -> Category:
        path = ("sections", section, "categories", name)
        if self.owners.setdefault(name, section) != section:
            reason, mend = Message("category-twice", section=self.owners[name]), Message("call-one-otherwise")
            self.problems.append(self.source.problem(path, reason, mend, key=True))
        terms = self.kind(form.kind, (*path, "kind")) if form.kind else self.kinds.get(parent.kind, _UNKNOWN)
        return Category(name, section, form.names, self.term(form, terms, path), form.complexity)

    def term(self, form: CategoryForm, terms: Terms, path: tuple[str, ...]) -> Term:
        if form.deadline is None:
            return terms.most
        try:
            term = read_term(form.deadline)
        except Unfit as error:
            self._wrong((*path, "deadline"), error.reason, error.mend)
            return terms.most
        if terms is not _UNKNOWN and term not in terms:
            reason = Message("deadline-not-of-kind", terms=str(terms))
            self._wrong((*path, "deadline"), reason, Message("write-deadline-of-kind", most=str(terms.most)))
        return term

    def kind(self, name: str, path: tuple[str, ...]) -> Terms:
        if name not in self.kinds:
            self._wrong(path, Message("no-such-kind", name=name), did_you_mean(name, self.kinds))
        return self.kinds.get(name, _UNKNOWN)

    def _kinds(self, form: SectionsForm) -> Iterator[tuple[str, Terms]]:
        for name, words in form.kinds.items():
            try:
                yield name, read_terms(words)
            except Unfit as error:
                self._wrong(("kinds", name), error.reason, error.mend)
                yield name, _UNKNOWN

    def _wrong(self, path: tuple[str, ...], reason: Message, mend: Message) -> None:
        self.problems.append(self.source.problem(path, reason, mend))


_UNKNOWN = Terms(Term(0, in_days=False), Term(0, in_days=False))
"""Stands for a term that could not be read, which is told already."""
