"""The person contract: one person and their rows, as typed as the source allows and no more.

Every reader fills it; the evaluator knows nothing else. What the source does not say stays empty: *unknown* is never
made into a value here. Rows keep what was found (code, words, unit) beside what it was mapped to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

MAX_ROWS = 200_000
"""Rows of one person in one table; more are a mistake of whoever put the table together, and would take the memory."""
DEATH_WITHOUT_DATE = "Deceased, date not stated"
"""The words of the row that says a person is dead where no date is recorded."""


class Sex(StrEnum):
    """Administrative sex as recorded."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Status(StrEnum):
    """What became of what a row states."""

    PLANNED = "planned"
    ACTIVE = "active"
    COMPLETED = "completed"
    STOPPED = "stopped"
    NOT_DONE = "not done"
    REFUTED = "refuted"
    ENTERED_IN_ERROR = "entered in error"
    UNKNOWN = "unknown"

    @property
    def counts(self) -> bool:
        """Whether a row with this status says that something was so."""
        return self not in (Status.PLANNED, Status.NOT_DONE, Status.REFUTED, Status.ENTERED_IN_ERROR)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a person's record.

    Args:
        id: Unique within the person.
        domain: What it is about.
        start: When it was or began; None where the source does not say.
        end: When it ended; None means open or not stated, never "one day".
        time: Time of day of a measurement, to order values of one day.
        source_system, source_code, source_text: Exactly as found.
        std_system, std_code, map_origin: Standard code and what mapped it; empty = unmapped.
        value: Number of a measurement; never NaN or infinite.
        comparator: `<`, `<=`, `>`, `>=` of a censored value.
        value_text, value_code: Value in words (positive, III) or as a code.
        unit_source, unit: The unit as found, and in UCUM; empty = unknown.
        low, high: Reference limits of the same report, in the value's unit.
        dose, dose_unit, per_day: A drug's amount each time, its unit, and how many times a day; None = not stated.
        route: As found, or read from the product's form.
        status: What became of it.
        origin: File and line, or table and row.
    """

    id: str
    domain: Domain
    start: PartialDate | None = None
    end: PartialDate | None = None
    time: time | None = None
    source_system: str = ""
    source_code: str = ""
    source_text: str = ""
    std_system: str = ""
    std_code: str = ""
    map_origin: str = ""
    value: float | None = None
    comparator: str = ""
    value_text: str = ""
    value_code: str = ""
    unit_source: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    dose: float | None = None
    dose_unit: str = ""
    per_day: float | None = None
    route: str = ""
    status: Status = Status.UNKNOWN
    origin: str = ""

    @property
    def words(self) -> str:
        """What it says in words: the text; else the code where no system tells what it means, as in `DAS28`."""
        return self.source_text or ("" if self.source_system else self.source_code)


@dataclass(frozen=True, slots=True)
class Period:
    """Days over which a record is said to be complete, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Person:
    """A person and everything recorded of them.

    Args:
        id: The person's id in the source.
        birth: Birth date, as precise as known.
        sex: As recorded; None = not recorded.
        death: Date of death, if any.
        events: Rows in any order.
        coverage: When the record is complete; only inside may "none found" be read as "no", and only where a rule
            says so.
        origin: Where the person was read from.
        silent: Domains the source has no table or file for. Coverage says nothing of them.
    """

    id: str
    birth: PartialDate | None = None
    sex: Sex | None = None
    death: PartialDate | None = None
    events: tuple[Event, ...] = ()
    coverage: tuple[Period, ...] = ()
    origin: str = ""
    silent: frozenset[Domain] = frozenset()

    def __post_init__(self) -> None:
        ids = {event.id for event in self.events}
        if len(ids) != len(self.events):
            raise ValueError("two rows of one person have the same id")
