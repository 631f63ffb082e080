"""Whether sections.yaml and what the flows say of sections fit together. One rule a function, as in ivr.flow.checks."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.proof.subject import Subject, lines
from ivr.flow.sections import SECTIONS


def sections_exist(subject: Subject) -> Iterator[Problem]:
    """Every section and category that a node names is in sections.yaml, the category in that section."""
    known = subject.service.sections
    for flow in subject.service.flows.values():
        for name, node in flow.nodes.items():
            for key, word, words in (
                ("section", node.section, known.sections),
                ("category", node.category, known.categories),
            ):
                if word and word not in words:
                    mend = did_you_mean(word, words) if words else f"add it to {SECTIONS}"
                    yield flow.source.problem(("nodes", name, key), f"there is no such {key} in {SECTIONS}", mend)
            category = known.categories.get(node.category or "")
            if category and node.section not in (None, category.section):
                mend = f"write 'section: {category.section}', or leave it out: a category brings its section"
                reason = f"the category {category.name!r} is in another section"
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
                    yield source.problem((*where, "names"), f"no name in {language!r}", f"add '{language}: …'")
