"""Who a made-up person is while their record is being made: body, main disease, other diseases, visits."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialrun.patients.clinic.chance import exponential
from trialrun.patients.clinic.parameters import Parameters
from trialrun.patients.clinic.record import Record

YEAR = 365.25
ADULT = 18
ADULT_DAYS = 6_575
"""Days from birth to the eighteenth birthday, or to the day after it."""
_LN2 = 0.6931471805599453
_REST = 0.04
INFLAMMATORY = ("polymyalgia rheumatica", "giant cell arteritis", "rheumatoid arthritis")


@dataclass(frozen=True, slots=True)
class Body:
    """Who the person is, as far as the rest of the record depends on it.

    Args:
        birth: Day of birth, as an ordinal.
        female: Whether a woman.
        since: The day from which the record is complete.
    """

    birth: int
    female: bool
    since: int
    height: float
    weight: float

    @property
    def adult(self) -> int:
        """The day the person was grown up, as an ordinal."""
        return self.birth + ADULT_DAYS

    def age(self, when: int) -> float:
        """Age in years on a day."""
        return (when - self.birth) / YEAR


@dataclass(slots=True)
class Health:
    """Which other diseases a person has, and since when."""

    since: dict[str, int] = field(default_factory=dict)
    stage_4: bool = False
    cured_hepatitis_c: bool = False

    def has(self, name: str, when: int) -> bool:
        """Whether a disease was there on a day."""
        return name in self.since and self.since[name] <= when


@dataclass(slots=True)
class Course:
    """What the rest of the record needs to know of the main disease.

    Args:
        diagnosis: Its name; `none` where there is none.
        onset: The day treatment began, as an ordinal.
        flares: (day, strength), in order.
        glucocorticoid: (first day, last day or None, mg of prednisone a day).
        biologic, csdmard: Whether one was ever taken.
        il6: Spans in which interleukin-6 is blocked, and CRP with it.
    """

    diagnosis: str
    onset: int
    half_life: float
    flares: list[tuple[int, float]] = field(default_factory=list)
    glucocorticoid: list[tuple[int, int | None, float]] = field(default_factory=list)
    biologic: bool = False
    csdmard: bool = False
    il6: list[tuple[int, int | None]] = field(default_factory=list)

    def activity(self, when: int, slower: float = 1.0) -> float:
        """How active the disease is; ESR follows `slower` than CRP."""
        found = _REST if self.flares else 0.0
        for began, strength in self.flares:
            if began - 14 <= when <= began:
                found = max(found, strength)
            elif when > began:
                found = max(found, strength * exponential(-_LN2 * (when - began) / (self.half_life * slower)))
        return found

    def prednisone(self, when: int) -> float:
        """Milligrams a day as prednisone."""
        return sum(mg for first, last, mg in self.glucocorticoid if first <= when and (last is None or when <= last))

    def blocks_il6(self, when: int) -> bool:
        """Whether tocilizumab was on board."""
        return any(first <= when and (last is None or when <= last + 28) for first, last in self.il6)


@dataclass(slots=True)
class Life:
    """Everything the makers of rows share.

    Args:
        visits: Days of visits with blood tests, oldest first.
        p: The parameters.
    """

    record: Record
    body: Body
    course: Course
    p: Parameters
    visits: list[int] = field(default_factory=list)
    health: Health = field(default_factory=Health)
