"""The facts behind a verdict, in full: which drug, how much, since when; which limit a value was held against.

The evaluator's notes state the value that was compared. Here the rows it came from and the limit of the rule are put
beside it: `prednisone 20 mg/day since 2026-01-03, limit 10 mg/day`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trialrun.criteria.meaning.case import PROJECTED
from trialrun.criteria.meaning.finding import Finding
from trialrun.criteria.meaning.history import Row
from trialrun.criteria.meaning.taking import Amounts
from trialrun.criteria.model import Comparison, DailyDose, Level, Not, Number, Part, Range, Rule
from trialrun.patients.person import Status
from trialrun.screening.open_rules import members
from trialrun.vocabulary.dose import plain_number

_MOST_ROWS = 4
_EVERY = {2: "every other day", 7: "once a week", 14: "every two weeks"}

_Fuller = dict[str, tuple[str, ...]]
"""A note of the evaluator → the sentences that stand in its place."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Makes the facts of each criterion of one person.

    Args:
        rules: All rules by the id of their item.
        findings: The findings of those items.
        rows: The rows that were looked at, by id.
    """

    rules: Mapping[str, Rule]
    findings: Mapping[str, Finding]
    rows: Mapping[str, Row]
    _known: dict[str, _Fuller] = field(default_factory=dict, repr=False, compare=False)

    def of(self, item: str, finding: Finding) -> tuple[str, ...]:
        """The facts behind the verdict of an item, without what is true of the whole page: which days are projected."""
        fuller = self._fuller(item)
        notes = (note for note in finding.notes if not note.endswith(PROJECTED))
        return tuple(dict.fromkeys(words for note in notes for words in fuller.get(note, (note,))))

    def _fuller(self, item: str) -> _Fuller:
        """The fuller sentences of an item and of all that its rule names."""
        if item not in self._known:
            found = self._known[item] = {}
            rule, finding = self.rules.get(item), self.findings.get(item)
            if rule is not None and finding is not None:
                for note, words in self._inside(rule, finding):
                    found[note] = tuple(dict.fromkeys((*found.get(note, ()), *words)))
        return self._known[item]

    def _inside(self, rule: Rule, finding: Finding) -> Iterator[tuple[str, tuple[str, ...]]]:
        match rule:
            case Part(id=name):
                yield from self._fuller(name).items()
            case Not(rule=inner):
                yield from self._inside(inner, finding)
            case Comparison():
                for note in finding.notes:
                    if not note.endswith(PROJECTED):
                        yield note, (self._compared(note, rule, finding),)
            case _:
                for inner, inside in members(rule, finding):
                    yield from self._inside(inner, inside)

    def _compared(self, note: str, rule: Comparison, finding: Finding) -> str:
        limit = _limit(rule)
        said = self._doses(note, rule.value, finding) if isinstance(rule.value, DailyDose) else note
        return f"{said}, limit {limit}" if limit else said

    def _doses(self, note: str, value: DailyDose, finding: Finding) -> str:
        """The rows of drugs behind an amount; the amount itself where one row alone does not say it."""
        names = finding.decided or finding.considered
        rows = [self.rows[name] for name in names if name in self.rows]
        if not rows:
            return note
        told = [_taken(row) for row in rows[:_MOST_ROWS]]
        told += [f"{len(rows) - _MOST_ROWS} more"] if len(rows) > _MOST_ROWS else []
        plain = len(rows) == 1 and rows[0].leaves == (value.equivalent or rows[0].name(),)
        amount = Amounts().ordered(rows[0])
        if plain and amount.is_exact and note.startswith(f"{amount} mg/{value.per}"):
            return told[0]
        return f"{'; '.join(told)}: {note}"


def _taken(row: Row) -> str:
    """A row of a drug with its amount and its days."""
    much = _ordered(row)
    event = row.event
    since = f"since {event.start}" if event.start else "without a date"
    if event.end is not None:
        since = f"on {event.start}" if event.start == event.end else f"{event.start or 'no date'} to {event.end}"
    elif event.start and event.status is not Status.ACTIVE:
        since = f"from {event.start}, end not stated"
    again = f" (stands {row.copies + 1} times in the record)" if row.copies else ""
    return f"{row.name()} {much} {since}{again}"


def _ordered(row: Row) -> str:
    """The amount as it is ordered: a day, or each time where it is not taken every day."""
    amount, often = Amounts().ordered(row), row.event.per_day
    if not amount.is_exact or often is None:
        return "daily dose not stated"
    if often >= 1:
        return f"{amount} mg/day"
    days = 1 / often
    words = _EVERY.get(round(days), f"every {days:.3g} days")
    return f"{row.event.dose:g} {row.event.dose_unit} {words if abs(days - round(days)) < 0.01 else f'every {days:.3g} days'}"


def _limit(rule: Comparison) -> str:
    """The limit of a rule in words; empty where a note states it already, or it is another result."""
    a_day = f"/{rule.value.per}" if isinstance(rule.value, DailyDose) else ""
    match rule.limit:
        case Number(value=value, unit=unit):
            return f"{_number(value)} {unit}".rstrip() + a_day
        case Range(low=low, high=high, unit=unit):
            return f"{_number(low)} to {_number(high)} {unit}".rstrip() + a_day
        case Level(name=name):
            return name
        case _:
            return ""


def _number(value: float) -> str:
    return plain_number(Decimal(repr(value)))
