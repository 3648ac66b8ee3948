"""When a visit happens: the one-line grammar of the `visits` block.

visit  := when ("," clause)*
when   := "day" D [".." D2]                         a study day, or a range of study days
        | duration ("after" | "before") anchor      distance from an anchor
        | "when" event                              on an event: treatment stopped, needed, …
clause := "window -A..+B" | "not before" anchor ["+" duration] | "within" duration
        | "before first dose" | "before dose" | "after dose" | "by telephone" | "epoch" E
        | "repeats" | "optional" | "then continue visits"
anchor := consent | screening | enrolment | day 1 | first dose | last dose | end of treatment
        | the name of another visit
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from trialrun.errors import GrammarError, did_you_mean, shortened
from trialrun.protocol.windows import NO_WINDOW, Window
from trialrun.vocabulary.calendar import Duration, StudyDay

T = TypeVar("T")

ANCHORS = ("consent", "screening", "enrolment", "day 1", "first dose", "last dose", "end of treatment")
"""Anchors that every study has; a visit's name is an anchor too."""

EVENTS = ("treatment stopped", "needed", "consent withdrawn", "disease progresses")

_DAY = re.compile(r"day\s+(-?\d{1,7})(?:\s*\.\.\s*(-?\d{1,7}))?")
_RELATIVE = re.compile(r"(\d+\s+[A-Za-z]+)\s+(after|before)\s+(.+)")
_NOT_BEFORE = re.compile(r"not before\s+(.+?)(?:\s*\+\s*(\d+\s+[a-z]+))?")
_FLAGS = {
    "by telephone": "by_telephone",
    "repeats": "repeats",
    "optional": "optional",
    "then continue visits": "then_continue",
}
_DOSE_ORDER: dict[str, Literal["before", "after"]] = {
    "before first dose": "before",
    "before dose": "before",
    "after dose": "after",
}


@dataclass(frozen=True, slots=True)
class OnDay:
    """A study day, or a range of study days any of which will do."""

    day: StudyDay
    last: StudyDay | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.day:
            raise ValueError(f"day {self.last} is before day {self.day}")

    def __str__(self) -> str:
        return f"day {self.day}" + (f"..{self.last}" if self.last else "")


@dataclass(frozen=True, slots=True)
class FromAnchor:
    """A distance from an anchor that exists or is planned."""

    duration: Duration
    direction: Literal[1, -1]
    anchor: str

    def __str__(self) -> str:
        return f"{self.duration} {'after' if self.direction == 1 else 'before'} {self.anchor}"


@dataclass(frozen=True, slots=True)
class OnEvent:
    """Something that may happen, and then brings the visit about."""

    event: str

    def __str__(self) -> str:
        return f"when {self.event}"


@dataclass(frozen=True, slots=True)
class NotBefore:
    """The earliest moment, counted from an anchor."""

    anchor: str
    duration: Duration | None = None

    def __str__(self) -> str:
        return f"not before {self.anchor}" + (f" + {self.duration}" if self.duration else "")


@dataclass(frozen=True, slots=True)
class VisitTiming:
    """When a visit is due, allowed, and under which circumstances."""

    when: OnDay | FromAnchor | OnEvent
    window: Window = NO_WINDOW
    not_before: tuple[NotBefore, ...] = ()
    within: Duration | None = None
    dose_order: Literal["before", "after"] | None = None
    epoch: str | None = None
    by_telephone: bool = False
    repeats: bool = False
    optional: bool = False
    then_continue: bool = False

    @classmethod
    def parse(cls, text: str) -> VisitTiming:
        """Reads one line of the `visits` block.

        Raises:
            GrammarError: with the position of the clause at fault.
        """
        clauses = _clauses(text)
        start, first = clauses[0]
        fields: dict[str, object] = {"when": _placed(_when, first, start)}
        for position, clause in clauses[1:]:
            name, value = _placed(_clause, clause, position)
            if name == "not_before":
                value = (*fields.get("not_before", ()), value)  # type: ignore[misc]
            elif name in fields:
                raise GrammarError(f"'{clause}' says again what an earlier clause said", position, len(clause))
            fields[name] = value
        return cls(**fields)  # type: ignore[arg-type]

    @property
    def anchors(self) -> tuple[str, ...]:
        """Every anchor the timing refers to."""
        own = (self.when.anchor,) if isinstance(self.when, FromAnchor) else ()
        return own + tuple(bound.anchor for bound in self.not_before)

    def __str__(self) -> str:
        clauses = [str(self.when)]
        if not self.window.is_exact:
            clauses.append(f"window {self.window}")
        clauses += [str(bound) for bound in self.not_before]
        if self.within:
            clauses.append(f"within {self.within}")
        if self.dose_order:
            clauses.append(f"{self.dose_order} dose")
        clauses += [words for words, name in _FLAGS.items() if getattr(self, name)]
        if self.epoch:
            clauses.append(f"epoch {self.epoch}")
        return ", ".join(clauses)


def _clauses(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    position = 0
    for piece in text.split(","):
        clause = piece.strip()
        if not clause:
            raise GrammarError("a clause is missing", min(position, max(0, len(text) - 1)), 1, _example())
        found.append((position + piece.index(clause), clause))
        position += len(piece) + 1
    return found


def _placed(read: Callable[[str], T], clause: str, start: int) -> T:
    try:
        return read(clause)
    except GrammarError as error:
        raise error.shifted(start) from None
    except ValueError as error:
        raise GrammarError(str(error), start, len(clause)) from None


def _when(text: str) -> OnDay | FromAnchor | OnEvent:
    if match := _DAY.fullmatch(text):
        return OnDay(StudyDay(int(match[1])), StudyDay(int(match[2])) if match[2] else None)
    if match := _RELATIVE.fullmatch(text):
        direction: Literal[1, -1] = 1 if match[2] == "after" else -1
        return FromAnchor(Duration.parse(match[1]), direction, " ".join(match[3].split()))
    if text.startswith("when "):
        event = " ".join(text[5:].split())
        if event not in EVENTS:
            raise GrammarError(f"'{event}' is not an event", 5, len(text) - 5, did_you_mean(event, EVENTS))
        return OnEvent(event)
    raise GrammarError(f"'{shortened(text)}' does not say when", 0, len(text), _example())


def _clause(text: str) -> tuple[str, object]:
    words = " ".join(text.split())
    if words in _FLAGS:
        return _FLAGS[words], True
    if words in _DOSE_ORDER:
        return "dose_order", _DOSE_ORDER[words]
    if text.startswith("window "):
        return "window", _placed(Window.parse, text[7:], 7)
    if text.startswith("within "):
        return "within", _placed(Duration.parse, text[7:], 7)
    if text.startswith("epoch "):
        return "epoch", text[6:].strip()
    if match := _NOT_BEFORE.fullmatch(text):
        duration = _placed(Duration.parse, match[2], match.start(2)) if match[2] else None
        return "not_before", NotBefore(match[1].strip(), duration)
    known = [
        *_FLAGS,
        *_DOSE_ORDER,
        "window -3..+3",
        "within 7 days",
        "not before last dose + 1 day",
        "epoch treatment",
    ]
    raise GrammarError(f"'{shortened(text)}' is not a clause of a visit", 0, len(text), did_you_mean(text, known))


def _example() -> str:
    return "Write: day 85, window -3..+7, not before last dose + 1 day, epoch treatment"
