"""The eligibility language as frozen objects: what a rule means, apart from how it is worded.

    terms + window ──► event, drug or value ──► comparison ──► all / any / not / at least / if / except

The tree is closed: these classes and no others. It has a JSON form (`json_form`), a wording (`printing`), a grammar
that reads the wording (`parsing`), and a meaning for one person (`meaning`). Names of terms are the vocabulary's own,
so two rules that mean the same term are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from trialrun.vocabulary.calendar import Duration


class Anchor(StrEnum):
    """Days that windows are counted from."""

    CONSENT = "consent"
    SCREENING = "screening"
    ENROLMENT = "enrolment"
    DAY_1 = "day 1"
    LAST_DOSE = "last dose"
    END_OF_STUDY = "end of study"


class IfNone(StrEnum):
    """What it means that nothing is recorded. Anything but `unknown` is an assumption, and listed as one."""

    UNKNOWN = "unknown"
    NO_WITHIN_COVERAGE = "no, within coverage"
    NO = "no"


# --- windows: which days count; both edges are included -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ever:
    """Any day up to the screening date."""

    kind: Literal["ever"] = "ever"


@dataclass(frozen=True, slots=True)
class Within:
    """`within 6 months before screening`: from that long before the anchor up to the anchor."""

    length: Duration
    anchor: Anchor
    kind: Literal["within"] = "within"


@dataclass(frozen=True, slots=True)
class Between:
    """`between 12 months and 6 months before screening`."""

    longer: Duration
    shorter: Duration
    anchor: Anchor
    kind: Literal["between"] = "between"

    def __post_init__(self) -> None:
        if self.longer.typical_days <= self.shorter.typical_days:
            raise ValueError(f"{self.longer} is not longer than {self.shorter}")


@dataclass(frozen=True, slots=True)
class Earlier:
    """`at least 5 years before screening`: any day up to that long before the anchor."""

    length: Duration
    anchor: Anchor
    kind: Literal["earlier"] = "earlier"


@dataclass(frozen=True, slots=True)
class At:
    """`at screening`: that day."""

    anchor: Anchor
    kind: Literal["at"] = "at"


Window: TypeAlias = Ever | Within | Between | Earlier | At


# --- terms ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A name of the vocabulary, for drugs with the route asked for (`systemic`, `intravenous`; empty = any)."""

    name: str
    route: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of these, except those."""

    any_of: tuple[Term, ...]
    but: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        if not self.any_of:
            raise ValueError("terms need at least one name")


# --- values ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Age:
    """Completed years (or months) of life on the anchor's day."""

    anchor: Anchor
    kind: Literal["age"] = "age"


class Pick(StrEnum):
    """Which of several results counts."""

    LATEST = "latest"
    FIRST = "first"
    LOWEST = "lowest"
    HIGHEST = "highest"
    ANY = "any"
    EVERY = "every"
    COUNT = "count of"


@dataclass(frozen=True, slots=True)
class Measured:
    """`latest ALT within 28 days before screening`."""

    pick: Pick
    test: str
    window: Window = Ever()
    kind: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True)
class Computed:
    """A formula over the latest results in a window: `creatinine clearance by Cockcroft-Gault within …`."""

    formula: str
    window: Window = Ever()
    kind: Literal["computed"] = "computed"


class Per(StrEnum):
    """The time over which a dose is counted."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class DailyDose:
    """Amount of some drugs taken a day or a week, at one day, or the highest such amount of any day of a window.

    Args:
        drugs: Which drugs; their amounts are added.
        window: `at enrolment` for one day, or several days for the highest.
        equivalent: The drug in whose amounts the others are counted (`as prednisone`); empty = plain milligrams.
        if_none: What it means that nothing is recorded.
        per: A week is the seven days that end on the day.
    """

    drugs: Terms
    window: Window
    equivalent: str = ""
    if_none: IfNone = IfNone.UNKNOWN
    per: Per = Per.DAY
    kind: Literal["daily dose"] = "daily dose"


@dataclass(frozen=True, slots=True)
class Minus:
    """The difference of two values."""

    left: Value
    right: Value
    kind: Literal["minus"] = "minus"


Value: TypeAlias = Age | Measured | Computed | DailyDose | Minus


# --- limits ---------------------------------------------------------------------------------------------------------


class Compare(StrEnum):
    """How a value is compared with its limit."""

    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    EQ = "="


@dataclass(frozen=True, slots=True)
class Number:
    """`10 mg`; the unit is empty for counts and scores."""

    value: float
    unit: str = ""
    kind: Literal["number"] = "number"


@dataclass(frozen=True, slots=True)
class Range:
    """`between 18 and 75 years`, both included; only after no sign."""

    low: float
    high: float
    unit: str = ""
    kind: Literal["range"] = "range"

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"nothing lies between {self.low:g} and {self.high:g}")


@dataclass(frozen=True, slots=True)
class Reference:
    """`3 x ULN`: a multiple of the upper or lower limit of normal of the same report."""

    factor: float
    limit: Literal["ULN", "LLN"]
    kind: Literal["reference"] = "reference"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of an ordinal scale: `III`."""

    name: str
    kind: Literal["level"] = "level"


@dataclass(frozen=True, slots=True)
class Multiple:
    """`1.5 x first creatinine within 3 months before screening`."""

    factor: float
    value: Value
    kind: Literal["multiple"] = "multiple"


Limit: TypeAlias = Number | Range | Reference | Level | Multiple


# --- rules ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """`latest ALT within 28 days before screening > 3 x ULN`."""

    value: Value
    compare: Compare
    limit: Limit
    kind: Literal["comparison"] = "comparison"


@dataclass(frozen=True, slots=True)
class Found:
    """`any HIV antibody is positive`."""

    result: Measured
    finding: Literal["positive", "negative"]
    kind: Literal["found"] = "found"


@dataclass(frozen=True, slots=True)
class SexIs:
    """`sex is female`."""

    sex: Literal["female", "male"]
    kind: Literal["sex"] = "sex"


class Verb(StrEnum):
    """What happened."""

    DIAGNOSED = "diagnosed"
    """Recorded as beginning in the window."""
    HAD = "had"
    """Present at some time in the window."""
    TOOK = "took"
    VACCINATED = "vaccinated with"
    UNDERWENT = "underwent"
    HOSPITALISED = "hospitalised"
    ALLERGIC = "allergic to"


@dataclass(frozen=True, slots=True)
class Happened:
    """`took any [rituximab, monoclonal antibody] within 6 months before screening`."""

    verb: Verb
    what: Terms | None
    window: Window = Ever()
    if_none: IfNone = IfNone.UNKNOWN
    kind: Literal["happened"] = "happened"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """`dose of any NSAID unchanged for 4 weeks before enrolment`; who takes none passes."""

    drugs: Terms
    length: Duration
    anchor: Anchor
    if_none: IfNone = IfNone.UNKNOWN
    kind: Literal["unchanged"] = "unchanged"


@dataclass(frozen=True, slots=True)
class Stopped:
    """`last dose of rituximab at least 6 months before enrolment`."""

    drugs: Terms
    length: Duration
    anchor: Anchor
    if_none: IfNone = IfNone.UNKNOWN
    kind: Literal["stopped"] = "stopped"


class Route(StrEnum):
    """The ways by which one drug may pass an `each` rule."""

    NEVER = "never taken"
    TAKEN = "taken at"
    NOT_TAKEN = "not taken at"
    UNCHANGED = "unchanged for"
    STOPPED = "stopped at least"


@dataclass(frozen=True, slots=True)
class Way:
    """One way for one drug: `never taken`, `unchanged for 4 weeks before enrolment`, …"""

    route: Route
    anchor: Anchor | None = None
    length: Duration | None = None

    def __post_init__(self) -> None:
        timed = self.route in (Route.UNCHANGED, Route.STOPPED)
        if (self.length is not None) != timed or (self.anchor is None) != (self.route is Route.NEVER):
            raise ValueError(f"'{self.route}' with anchor {self.anchor} and length {self.length}")


@dataclass(frozen=True, slots=True)
class Each:
    """`each DMARD: never taken, or unchanged for 4 weeks before enrolment`: every drug of the set by some way."""

    drugs: Terms
    ways: tuple[Way, ...]
    if_none: IfNone = IfNone.UNKNOWN
    kind: Literal["each"] = "each"


class Who(StrEnum):
    """Who can answer a question."""

    INVESTIGATOR = "investigator"
    PARTICIPANT = "participant"


VERBS_OF_SAYING = ("confirms", "judges", "expects", "declines", "agrees to", "reports")


@dataclass(frozen=True, slots=True)
class Asked:
    """`investigator confirms "meets the 1986 Nancy recommendations"`: true where the person says so."""

    who: Who
    verb: str
    words: str
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Part:
    """Another part of the criteria, by its id: `E9.a`."""

    id: str
    kind: Literal["part"] = "part"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    rule: Rule
    kind: Literal["not"] = "not"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of them."""

    rules: tuple[Rule, ...]
    kind: Literal["all"] = "all"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them."""

    rules: tuple[Rule, ...]
    kind: Literal["any"] = "any"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at least 2 of (…; …; …)`."""

    number: int
    rules: tuple[Rule, ...]
    kind: Literal["at least"] = "at least"

    def __post_init__(self) -> None:
        if not 1 <= self.number <= len(self.rules):
            raise ValueError(f"{self.number} of {len(self.rules)} cannot be asked")


@dataclass(frozen=True, slots=True)
class IfThen:
    """`if … then …`: asked only of those for whom the first holds. For inclusions alone."""

    condition: Rule
    then: Rule
    kind: Literal["if"] = "if"


@dataclass(frozen=True, slots=True)
class Except:
    """`E9.a except E9.b`: the first, and not the second."""

    rule: Rule
    but: Rule
    kind: Literal["except"] = "except"


Atom: TypeAlias = Comparison | Found | SexIs | Happened | Unchanged | Stopped | Each | Asked | Part
Rule: TypeAlias = Atom | Not | AllOf | AnyOf | AtLeast | IfThen | Except


# --- promises: what must stay true after enrolment -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Promise:
    """`no [live vaccine] from day 1 until 4 months after last dose`.

    Args:
        duty: `none` of some drugs or vaccines, `no increase` of some drugs' doses, or `words`.
        what: The drugs or vaccines; None for words.
        words: What is promised, for words.
        start: From when.
        end: Until which anchor, or
        after: how long after it.
    """

    duty: Literal["none", "no increase", "words"]
    what: Terms | None
    words: str
    start: Anchor
    end: Anchor
    after: Duration | None = None
    kind: Literal["promise"] = "promise"


def children(rule: Rule) -> tuple[Rule, ...]:
    """The rules directly inside a rule."""
    match rule:
        case AllOf(rules=rules) | AnyOf(rules=rules) | AtLeast(rules=rules):
            return rules
        case Not(rule=inner):
            return (inner,)
        case IfThen(condition=condition, then=then):
            return (condition, then)
        case Except(rule=inner, but=but):
            return (inner, but)
        case _:
            return ()


def atoms(rule: Rule) -> tuple[Atom, ...]:
    """The innermost rules, in the order they are written."""
    inner = children(rule)
    if not inner:
        return (rule,)  # type: ignore[return-value]
    return tuple(atom for child in inner for atom in atoms(child))
