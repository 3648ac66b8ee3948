"""Where an activity is done: `screening, baseline, week 12; only if could become pregnant`.

where := part ("," part)* [";" "only if" text]
part  := the name of a visit | "dosing days" | "every day" A ".." B | "every contact" A ".." B | "as needed"
         (A and B: the name of a visit, or `consent`)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialrun.errors import GrammarError, shortened

_SPAN = re.compile(r"every (day|contact)\s+(.+?)\s*\.\.\s*(.+)")


@dataclass(frozen=True, slots=True)
class Span:
    """Something done every day, or at every contact, from one visit to another."""

    every: str
    first: str
    last: str

    def __str__(self) -> str:
        return f"every {self.every} {self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Where:
    """At which visits, doses and spans an activity is done, and for whom."""

    visits: tuple[str, ...] = ()
    dosing_days: bool = False
    as_needed: bool = False
    spans: tuple[Span, ...] = ()
    only_if: str | None = None

    @classmethod
    def parse(cls, text: str) -> Where:
        """Reads the grammar above.

        Raises:
            GrammarError: with the position of the part at fault.
        """
        places, _, condition = text.partition(";")
        only_if = _condition(condition, len(places) + 1) if condition else None
        visits: list[str] = []
        spans: list[Span] = []
        dosing_days = as_needed = False
        position = 0
        for piece in places.split(","):
            part = " ".join(piece.split())
            start = position + (len(piece) - len(piece.lstrip()))
            position += len(piece) + 1
            if not part:
                raise GrammarError("a visit is missing", start, 1, "Write visits with commas: screening, baseline")
            if part == "dosing days":
                dosing_days = True
            elif part == "as needed":
                as_needed = True
            elif match := _SPAN.fullmatch(part):
                spans.append(Span(match[1], match[2], match[3]))
            elif part in visits:
                raise GrammarError(f"'{part}' is given twice", start, len(part))
            else:
                visits.append(part)
        return cls(tuple(visits), dosing_days, as_needed, tuple(spans), only_if)

    @property
    def names(self) -> tuple[str, ...]:
        """Every visit's name that is mentioned."""
        return self.visits + tuple(name for span in self.spans for name in (span.first, span.last))

    def __str__(self) -> str:
        parts = [*self.visits, *(str(span) for span in self.spans)]
        parts += ["dosing days"] * self.dosing_days + ["as needed"] * self.as_needed
        return ", ".join(parts) + (f"; only if {self.only_if}" if self.only_if else "")


def names_list(text: str) -> tuple[str, ...]:
    """Reads names with commas between them: `screening, baseline`.

    Raises:
        GrammarError: for an empty or repeated name.
    """
    names: list[str] = []
    position = 0
    for piece in text.split(","):
        name = " ".join(piece.split())
        if not name:
            raise GrammarError("a name is missing", min(position, max(0, len(text) - 1)), 1)
        if name in names:
            raise GrammarError(f"'{name}' is given twice", position, len(piece))
        names.append(name)
        position += len(piece) + 1
    return tuple(names)


def _condition(text: str, start: int) -> str:
    words = " ".join(text.split())
    if not words.startswith("only if "):
        raise GrammarError(
            f"'{shortened(words)}' is not a condition",
            start,
            len(text),
            "Write: only if could become pregnant",
        )
    return words[len("only if ") :]
