"""What a chapter of the language reference is made of. The tests run it; `scripts.docs_language` writes it.

Screening is on 2026-11-25 unless a case says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from tests.spec.language.rows import Row, periods
from trialrun.criteria.meaning.case import Answered
from trialrun.criteria.meaning.case import Case as Asked
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.finding import Finding, Reason
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.person import Person, Sex
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.shipped_terms import shipped

ON = "2026-11-25"
YES, NO = True, False
Expected: TypeAlias = bool | Reason | tuple[Reason, ...]
"""Yes, no, or unknown with its reasons."""

_ITEM = "I1"
_ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True)
class Case:
    """A small person, a rule, and the answer.

    Args:
        rows: What is recorded of the person, numbered from 1.
        expect: The answer.
        remark: Why.
        rule: The rule; the table's own where empty.
        birth, sex: As recorded; empty = not recorded.
        coverage: Days for which the record is said to be complete.
        answers: What persons answered, by id; the rule is I1.
        on, start: The screening date and the planned day 1.
        by: Numbers of the rows the answer rests on; None = not looked at here.
        assumes: Whether the answer rests on nothing, or nothing more, being recorded.
        others: Rules that the rule refers to, by id.
    """

    rows: Sequence[Row]
    expect: Expected
    remark: str
    rule: str = ""
    birth: str = ""
    sex: str = ""
    coverage: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    on: str = ON
    start: str = ""
    by: Sequence[int] | None = None
    assumes: bool = False
    others: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> Finding:
        """The answer of the program."""
        events = tuple(replace(row.event, id=str(number)) for number, row in enumerate(self.rows, 1))
        birth = PartialDate.parse(self.birth) if self.birth else None
        person = Person("1", birth, Sex(self.sex) if self.sex else None, None, events, periods(*self.coverage))
        on = date.fromisoformat(self.on)
        anchors = Anchors.screening(on, date.fromisoformat(self.start) if self.start else None)
        rules = {name: parse_rule(text, shipped()) for name, text in {_ITEM: self.rule, **self.others}.items()}
        answers = {name: Answered(_ANSWERS[said], "Li Wei", self.on) for name, said in self.answers.items()}
        return evaluate(_ITEM, Asked(History(person, on, shipped()), anchors, answers, rules))


@dataclass(frozen=True)
class Table:
    """Cases that belong together.

    Args:
        title: What they show.
        cases: The cases.
        text: What to know before reading them.
        rule: The rule of all cases that name none.
    """

    title: str
    cases: Sequence[Case]
    text: str = ""
    rule: str = ""

    def asked(self) -> Iterator[Case]:
        """The cases with their rules."""
        for case in self.cases:
            yield case if case.rule else replace(case, rule=self.rule)


@dataclass(frozen=True)
class Wording:
    """Words, and the canonical words of the same rule or promise."""

    written: str
    canonical: str
    remark: str


@dataclass(frozen=True)
class Wordings:
    """Different words for one rule."""

    title: str
    cases: Sequence[Wording]
    text: str = ""
    promises: bool = False


@dataclass(frozen=True)
class Slip:
    """A rule that cannot be read, and what the program says.

    Args:
        rule: The rule as somebody wrote it.
        at: The words that are pointed at.
        message, hint: What is said.
        exclusion: Whether the rule stands among the exclusions.
    """

    rule: str
    at: str
    message: str
    hint: str | None
    exclusion: bool = False


@dataclass(frozen=True)
class Slips:
    """Rules that cannot be read."""

    title: str
    cases: Sequence[Slip]
    text: str = ""


@dataclass(frozen=True)
class Document:
    """A rule and its JSON form."""

    rule: str
    document: Mapping[str, Any]
    remark: str


@dataclass(frozen=True)
class Documents:
    """Rules with their JSON forms."""

    title: str
    cases: Sequence[Document]
    text: str = ""


@dataclass(frozen=True)
class Facts:
    """A table of words, to be looked up."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    text: str = ""


Part: TypeAlias = Table | Wordings | Slips | Documents | Facts


@dataclass(frozen=True)
class Chapter:
    """A chapter of the reference.

    Args:
        name: Its file, without ending.
        title: Its title.
        summary: One line for the index.
        prose: What a clinician should know, in paragraphs.
        parts: Its tables.
    """

    name: str
    title: str
    summary: str
    prose: Sequence[str]
    parts: Sequence[Part]

    def cases(self) -> Iterator[Case]:
        """All cases with their rules."""
        for part in self.parts:
            if isinstance(part, Table):
                yield from part.asked()
