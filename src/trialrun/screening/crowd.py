"""Many people screened: the funnel, the candidates, and what of the source could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from trialrun.screening.basis import not_facts
from trialrun.screening.candidates import Candidate, candidates
from trialrun.screening.explanation import roles_in_words
from trialrun.screening.funnel import Counting, Funnel
from trialrun.screening.given import given_later
from trialrun.screening.screened import Screened, screened
from trialrun.screening.verdicts import Standing

if TYPE_CHECKING:
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.patients.report import ReadReport
    from trialrun.screening.explanation import Explanation
    from trialrun.screening.run import Run

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many people against one protocol on one day.

    Args:
        trial, protocol_hash: The protocol and its version.
        vocabulary: Identity of the terms that read the rows.
        source: Where the people are, in words.
        anchors: The dates used.
        undecided: Undecided items of the protocol that any verdict rests on.
        funnel: The counts.
        living: The counts of those who are not recorded as dead.
        candidates: Everybody who is not excluded, the nearest first.
        report: What was read, and what could not be.
        silent: People of whom something that is not recorded was taken for a 'no' where the rule says so.
        stand_ins: People of whom an answer stands in for a missing record.
        roles: What was taken for granted of who answered, with the items, in words.
        remarks: What was not read, and answers that were not used, in words, each with how many people it is about.
        no_coverage: People of whom nothing says from when to when their record is complete.
    """

    trial: str
    protocol_hash: str
    vocabulary: str
    source: str
    anchors: Anchors
    undecided: tuple[str, ...]
    funnel: Funnel
    living: Funnel
    candidates: tuple[Candidate, ...]
    report: ReadReport
    silent: int = 0
    stand_ins: int = 0
    roles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    no_coverage: int = 0

    def basis(self, *, passed_on: bool = False) -> Iterator[str]:
        """Sentences a reader must see next to the counts; no count and no name where the page is passed on."""
        yield from not_facts(self.anchors)
        if self.undecided:
            yield f"Undecided in the protocol: {', '.join(self.undecided)}. They block every eligibility signature."
        if passed_on:
            yield "Some things are taken for granted because they, or no more of them, are recorded."
            return
        if self.no_coverage:
            yield (
                f"Of {people(self.no_coverage)} nothing says that their record is complete; 'nothing recorded' then stays "
                "unknown."
            )
        if self.silent:
            yield f"Of {people(self.silent)} something was taken for granted because it, or no more of it, is recorded."
        if self.stand_ins:
            yield f"Of {people(self.stand_ins)} a person's answer stands in for a missing record."
        if self.roles:
            yield f"Taken for granted of who answered: {'; '.join(self.roles)}."


def people(number: int) -> str:
    """`1 person`, `2,000 people`."""
    return "1 person" if number == 1 else f"{number:,} people"


_OLD = 90
"""Days without a row of anybody after which a screening date is likely to be the wrong one."""


@dataclass(slots=True)
class Gathering:
    """Takes in people one by one; only those who are not excluded are kept.

    Args:
        run: The protocol, the day, the terms.
        source: Where the people are, in words.
    """

    run: Run
    source: str
    persons: int = 0
    _counting: Counting = field(init=False)
    _living: Counting = field(init=False)
    _near: list[Screened] = field(default_factory=list)
    _undecided: dict[str, None] = field(default_factory=dict)
    _silent: int = 0
    _stand_ins: int = 0
    _newest: date | None = None
    _no_coverage: int = 0
    _roles: dict[str, dict[str, None]] = field(default_factory=dict)
    _unused: Counter[str] = field(default_factory=Counter)
    _absent: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._counting = Counting(self.run.criteria)
        self._living = Counting(self.run.criteria)
        self._absent = {one.person for one in self.run.answers.valid.values()}

    def add(self, found: Explanation, *, no_coverage: bool = False) -> None:
        """Takes in a person, of whom nothing says that the record is complete if so."""
        one = screened(found)
        self.persons += 1
        self._counting.add(one)
        if not one.deceased:
            self._living.add(one)
        self._undecided.update(dict.fromkeys(found.assumed()))
        if one.standing is not Standing.EXCLUDED:
            self._near.append(one)
        self._silent += bool(found.taken_as_no())
        self._stand_ins += bool(found.stand_ins())
        self._no_coverage += no_coverage
        self._newest = max(filter(None, (self._newest, self._newest_of(found))), default=None)
        for words, items in found.roles().items():
            self._roles.setdefault(words, {}).update(dict.fromkeys(items))
        self._unused.update((*given_later(self.run.answers, found.person, self.run.anchors.on), *found.unused))
        self._absent.discard(found.person)

    def _newest_of(self, found: Explanation) -> date | None:
        on = self.run.anchors.on
        starts = (event.start for event in found.events.values() if event.start is not None and event.start.first <= on)
        return max((min(start.last, on) for start in starts), default=None)

    def _remarks(self) -> Iterator[str]:
        old = None if self._newest is None else (self.run.anchors.on - self._newest).days
        if old is not None and old > _OLD:
            yield f"The newest row of anybody is of {self._newest}, {old:,} days before the screening date."
        for words, count in self._unused.items():
            yield f"{words} ({people(count)})"
        if self._absent:
            some = ", ".join(sorted(self._absent)[:_MOST_NAMED]) + (", …" if len(self._absent) > _MOST_NAMED else "")
            yield f"Answers about {people(len(self._absent))} who were not screened: {some}."

    def crowd(self, report: ReadReport) -> Crowd:
        """Everybody so far."""
        names = tuple(one.id for one in self.run.criteria)
        return Crowd(
            self.run.protocol.protocol.trial,
            self.run.protocol.hash,
            self.run.vocabulary.identity,
            self.source,
            self.run.anchors,
            tuple(sorted(self._undecided, key=lambda mark: (mark[0], len(mark), mark))),
            self._counting.funnel(),
            self._living.funnel(),
            candidates(self._near, names),
            report,
            self._silent,
            self._stand_ins,
            roles_in_words(self._roles),
            (*report.shortfall(), *self._remarks()),
            self._no_coverage,
        )
