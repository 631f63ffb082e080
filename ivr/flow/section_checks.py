"""Whether sections.yaml and what the flows say of sections fit together. One rule a function, as in ivr.flow.checks."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.proof.subject import Subject, lines
from ivr.flow.sections import SECTIONS
from ivr.messages import Message


def sections_exist(subject: Subject) -> Iterator[Problem]:
    """Every section and category that a node names is in sections.yaml, the category in that section."""
    known = subject.service.sections
    for flow in subject.service.flows.values():
        for name, node in flow.nodes.items():
            for key, word, words, missing in (
                ("section", node.section, known.sections, "no-such-section"),
                ("category", node.category, known.categories, "no-such-category"),
            ):
                if word and word not in words:
                    mend = did_you_mean(word, words) if words else Message("add-to-file", file=SECTIONS)
                    yield flow.source.problem(("nodes", name, key), Message(missing, file=SECTIONS), mend)
            category = known.categories.get(node.category or "")
            if category and node.section not in (None, category.section):
                reason = Message("category-of-another-section", category=category.name)
                mend = Message("write-section", section=category.section)
                yield flow.source.problem(("nodes", name, "section"), reason, mend)


def sections_are_named(subject: Subject) -> Iterator[Problem]:
    """Every section and category has a name in each language that is spoken."""
    spoken = sorted({language for _, line in lines(subject.service) for language in line.languages})
    for section in subject.service.sections.sections.values():
        path: tuple[str, ...] = ("sections", section.name)
        named = [(path, section.names)]
        named += [((*path, "categories", name), category.names) for name, category in section.categories.items()]
        for where, names in named:
            for language in spoken:
                if language not in names:
                    source = subject.service.sources[SECTIONS]
                    reason = Message("no-name-in-language", language=language)
                    yield source.problem((*where, "names"), reason, Message("add-key", key=language))
