"""Many people screened: the funnel, the candidates, and what of the source could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trialrun.screening.candidates import Candidate, candidates
from trialrun.screening.funnel import Counting, Funnel
from trialrun.screening.screened import Screened, screened
from trialrun.screening.verdicts import Standing

if TYPE_CHECKING:
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.patients.report import ReadReport
    from trialrun.screening.explanation import Explanation
    from trialrun.screening.run import Run


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
        candidates: Everybody who is not excluded, the nearest first.
        report: What was read, and what could not be.
    """

    trial: str
    protocol_hash: str
    vocabulary: str
    source: str
    anchors: Anchors
    undecided: tuple[str, ...]
    funnel: Funnel
    candidates: tuple[Candidate, ...]
    report: ReadReport


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
    _near: list[Screened] = field(default_factory=list)
    _undecided: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._counting = Counting(self.run.criteria)

    def add(self, found: Explanation) -> None:
        """Takes in a person."""
        one = screened(found)
        self.persons += 1
        self._counting.add(one)
        self._undecided.update(dict.fromkeys(found.assumed()))
        if one.standing is not Standing.EXCLUDED:
            self._near.append(one)

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
            candidates(self._near, names),
            report,
        )
