"""The protocol file as frozen objects: one class per block, keys as people write them.

Every leaf is read from text by the small grammars of this room, so an object that exists is one that was
written correctly. References between blocks are checked in `references`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from trialrun.errors import GrammarError, did_you_mean, shortened
from trialrun.protocol.activities import Where, names_list
from trialrun.protocol.days import DayList
from trialrun.protocol.items import Item
from trialrun.protocol.timing import VisitTiming
from trialrun.protocol.windows import Spacing, Window
from trialrun.vocabulary.body import BsaFormula
from trialrun.vocabulary.calendar import WEEKDAYS, Duration, PartialDate, StudyDay, week_day
from trialrun.vocabulary.dose import Amount, Dose

FORMAT = "trialrun/1"
NOBODY = "nobody yet"
NOT_STATED = "not stated"

V = TypeVar("V")


def _word(pattern: str | None = None, *examples: str, says: str) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "description": says}
    if pattern:
        schema["pattern"] = pattern
    if examples:
        schema["examples"] = list(examples)
    return WithJsonSchema(schema)


def _text(value: object) -> str:
    if not isinstance(value, str):
        found = "a list" if isinstance(value, list) else "a block of keys"
        raise GrammarError(f"found {found} where a line of text belongs")
    text = " ".join(value.split())
    if not text:
        raise GrammarError("nothing is written here", 0, 1, "Write a value, or leave the key out.")
    return text


def _raw(value: object) -> str:
    """Text with its own spacing, for the grammars that report positions."""
    _text(value)
    assert isinstance(value, str)
    return value


def _one_of(words: tuple[str, ...]) -> Any:
    def read(value: object) -> str:
        text = _text(value)
        if text not in words:
            hint = did_you_mean(text, words) or "Known: " + ", ".join(words) + "."
            raise GrammarError(f"'{shortened(text)}' is not known here", 0, len(text), hint)
        return text

    return read


def _names(value: object) -> tuple[str, ...]:
    return names_list(_raw(value))


def _week(value: object) -> bool:
    text = _text(value)
    if text not in ("day 7n", "day 7n + 1"):
        raise GrammarError(
            f"'{shortened(text)}' is not a week convention", 0, len(text), "Write: day 7n + 1, or day 7n"
        )
    return text.endswith("+ 1")


def _weekdays(value: object) -> tuple[str, ...]:
    names = names_list(_raw(value))
    for name in names:
        if name not in WEEKDAYS:
            raise GrammarError(f"'{name}' is not a weekday", 0, len(name), "Write Mon, Tue, Wed, Thu, Fri, Sat or Sun")
    return names


def _yes_no(value: object) -> bool:
    return bool(_one_of(("yes", "no"))(value) == "yes")


def _whole(value: object) -> int:
    text = _text(value).replace(",", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise GrammarError(f"'{shortened(text)}' is not a whole number", 0, len(text), "Write digits: 15")
    return int(text)


def _round_to(value: object) -> Amount:
    text = _raw(value)
    if not text.startswith("to "):
        raise GrammarError(f"'{shortened(text)}' does not say to what", 0, len(text), "Write: to 50,000 IU")
    try:
        step = Amount.parse(text[3:])
    except GrammarError as error:
        raise error.shifted(3) from None
    if step.value == Decimal(0):
        raise GrammarError("rounding to zero is no rounding", 3, len(text) - 3)
    return step


def _cap(value: object) -> Amount | None:
    text = _raw(value)
    return None if text.strip() in ("none stated", "none") else Amount.parse(text)


def _dose(value: object) -> Dose | None:
    text = _raw(value)
    return None if text.strip() == NOT_STATED else Dose.parse(text)


def _days(value: object) -> DayList | None:
    text = _raw(value)
    return None if text.strip() == NOT_STATED else DayList.parse(text)


def _cycles(value: object) -> int | None:
    return None if _text(value) == "until stopped" else _whole(value)


Text = Annotated[str, PlainValidator(_text), _word(says="A line of text.")]
Names = Annotated[tuple[str, ...], PlainValidator(_names), _word(says="Names, with commas between them.")]
YesNo = Annotated[bool, PlainValidator(_yes_no), _word("^(yes|no)$", says="yes or no.")]
WholeNumber = Annotated[int, PlainValidator(_whole), _word(r"^[\d,]+$", "15", says="A whole number.")]
Date = Annotated[
    PartialDate,
    PlainValidator(lambda value: PartialDate.parse(_raw(value))),
    _word(r"^\d{4}(-\d{2}(-\d{2})?)?$", "2026-12-07", says="A date."),
]
Span = Annotated[
    Duration,
    PlainValidator(lambda value: Duration.parse(_raw(value))),
    _word(r"^\d+ (minute|hour|day|week|month|year)s?$", "3 months", says="An amount of time."),
]


class FrozenMap(Mapping[str, V]):
    """A map that keeps its order and cannot be changed."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

    def __deepcopy__(self, memo: dict[int, Any]) -> FrozenMap[V]:
        return self


NONE_GIVEN: FrozenMap[Any] = FrozenMap()

Table = Annotated[Mapping[str, V], AfterValidator(FrozenMap)]


class Block(BaseModel):
    """A block of the file: keys as written are aliases, unknown keys are problems, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, arbitrary_types_allowed=True)


class Design(Block):
    """How participants are assigned and who knows of it; the registry's own words."""

    allocation: Annotated[
        str,
        PlainValidator(_one_of(("not applicable", "randomised", "non-randomised", NOT_STATED))),
        _word("^(not applicable|randomised|non-randomised|not stated)$", says="How participants are assigned."),
    ] = NOT_STATED
    model: Text = NOT_STATED
    masking: Text = NOT_STATED
    purpose: Text = NOT_STATED


WHEN_CLOSED_DOSE = (
    "record as missed",
    "next open day",
    "previous open day",
    "nearest open day, earlier first",
    "nearest open day, later first",
    "give anyway",
)
WHEN_CLOSED_VISIT = (*WHEN_CLOSED_DOSE[1:5], "hold anyway")


class WhenClosed(Block):
    """What happens to a dose or a visit that falls on a closed day; never outside its window."""

    dose: Annotated[
        str,
        PlainValidator(_one_of(WHEN_CLOSED_DOSE)),
        _word(None, *WHEN_CLOSED_DOSE, says="What happens to a dose."),
    ] = "give anyway"
    visit: Annotated[
        str,
        PlainValidator(_one_of(WHEN_CLOSED_VISIT)),
        _word(None, *WHEN_CLOSED_VISIT, says="What happens to a visit."),
    ] = "hold anyway"


class Calendar(Block):
    """How days are counted and which days are closed."""

    day_1: Text = Field("first dose", alias="day 1", description="What day 1 is.")
    start_on: Annotated[
        tuple[str, ...],
        PlainValidator(_weekdays),
        _word(None, "Mon", "Mon, Tue", says="Weekdays day 1 may fall on."),
    ] = Field((), alias="start on")
    week_plus_one: Annotated[
        bool, PlainValidator(_week), _word(r"^day 7n( \+ 1)?$", "day 7n + 1", says="Which day `week n` is.")
    ] = Field(True, alias="week n")
    months: Text = "calendar months"
    closed_days: Annotated[
        tuple[str, ...],
        PlainValidator(_weekdays),
        _word(None, "Sat, Sun", says="Weekdays the site is closed."),
    ] = Field((), alias="closed days")
    holidays: Annotated[
        str | None,
        PlainValidator(_text),
        _word("^[A-Z]{2}(-[A-Z0-9]{1,3})?$", "CN", says="Country of the holidays."),
    ] = None
    when_closed: WhenClosed = Field(WhenClosed(), alias="when closed")

    def day_of_week(self, week: int) -> StudyDay:
        """The study day of `week n` in this protocol."""
        return week_day(week, plus_one=self.week_plus_one)


class Arm(Block):
    """A group of participants and what it is given."""

    name: Text
    kind: Text = Field(NOT_STATED, alias="type")
    drugs: Names = ()
    epochs: tuple[Text, ...] = ()
    says: Text | None = None


class BodySizeRule(Block):
    """Which body size a dose is scaled with, and when it is measured."""

    formula: Annotated[
        BsaFormula | None,
        PlainValidator(lambda value: BsaFormula(_one_of(tuple(BsaFormula))(value))),
        _word("^(Mosteller|DuBois)$", says="Formula of body surface area."),
    ] = None
    height: Text | None = Field(None, description="The visit whose height counts.")
    weight: Text | None = Field(None, description="The visit whose weight counts.")


class HoldRule(Block):
    """When doses pause, until when, and how they start again."""

    condition: Text = Field(alias="if")
    until: Text | None = None
    restart: Text | None = None


MISSED = ("skip", "late within the window", "add at the end")


class Drug(Block):
    """Something given to participants, and the rules of giving it."""

    name: Text
    kind: Text = Field("drug", description="drug, biological, device, procedure, behavioural, …")
    route: Text = NOT_STATED
    dose: Annotated[
        Dose | None,
        PlainValidator(_dose),
        _word(None, "1,000,000 IU per m2", NOT_STATED, says="Dose each time."),
    ] = None
    body_size: BodySizeRule = Field(BodySizeRule(), alias="body size")
    round_to: Annotated[Amount | None, PlainValidator(_round_to), _word(None, "to 50,000 IU", says="Rounding.")] = (
        Field(None, alias="round")
    )
    cap: Annotated[
        Amount | None, PlainValidator(_cap), _word(None, "none stated", "2,000 mg", says="Largest dose.")
    ] = None
    days: Annotated[
        DayList | None,
        PlainValidator(_days),
        _word(None, "1-5, 8-12; 33, 40 ... 82", "every 14 from 1", NOT_STATED, says="Dosing days."),
    ] = None
    times_a_day: WholeNumber = Field(1, alias="times a day")
    cycle: Span | None = Field(None, description="Length of a cycle; `days` are then days of each cycle.")
    cycles: Annotated[
        int | None, PlainValidator(_cycles), _word(None, "6", "until stopped", says="How many cycles.")
    ] = None
    window: Table[
        Annotated[
            Window,
            PlainValidator(lambda value: Window.parse(_raw(value))),
            _word(None, "0", "-2..+2", says="Window."),
        ]
    ] = Field(NONE_GIVEN, description="Windows by days: `days 1-26: 0`, or `all days`.")
    spacing: Annotated[
        Spacing | None,
        PlainValidator(lambda value: Spacing.parse(_raw(value))),
        _word(None, "at least 20 hours on days 1-26", says="Least time between two doses."),
    ] = None
    missed: Annotated[
        str, PlainValidator(_one_of(MISSED)), _word(None, *MISSED, says="What happens to a missed dose.")
    ] = "skip"
    hold: tuple[HoldRule, ...] = ()
    stop: tuple[Text, ...] = Field((), description="When treatment stops while follow-up goes on.")
    says: Text | None = None
    note: Text | None = None


class Form(Block):
    """What is captured for some activities."""

    title: Text | None = None
    records: Names = Field((), description="The activities whose results it holds.")
    repeats: YesNo = False
    filled_by: Text | None = Field(None, alias="filled by")
    items: Table[
        Annotated[
            Item,
            PlainValidator(lambda value: Item.parse(_raw(value))),
            _word(None, "number 34.0..42.0 Cel, usual 35.5..37.9", "yes or no", "date", says="One field."),
        ]
    ]


class Criterion(Block):
    """A sentence about who may join: the registered words, and later a rule that runs."""

    says: Text
    rule: Text | None = None
    on_study: Text | None = Field(None, alias="on study")
    note: Text | None = None
    parts: Table[Criterion] = NONE_GIVEN


class Eligibility(Block):
    """Who may join."""

    anchor_when_missing: Text | None = Field(None, alias="anchor when missing")
    include: Table[Criterion] = NONE_GIVEN
    exclude: Table[Criterion] = NONE_GIVEN
    other: Table[Criterion] = NONE_GIVEN


class Level(StrEnum):
    """Levels of an endpoint."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OTHER = "other"


SUMMARIES = (
    "value",
    "change from baseline",
    "percent change from baseline",
    "share",
    "count",
    "sum",
    "time to event",
    NOT_STATED,
)


class Endpoint(Block):
    """What is measured to answer an objective, when, and against what."""

    level: Annotated[
        Level,
        PlainValidator(lambda value: Level(_one_of(tuple(Level))(value))),
        _word("^(primary|secondary|other)$", says="Level of the endpoint."),
    ]
    says: Text = Field(description="The registered measure.")
    time_frame: Text | None = Field(None, alias="time frame", description="The registered time frame.")
    variable: Text | None = None
    collected_by: Names = Field((), alias="collected by", description="Activities that bring the values.")
    summary: Annotated[
        str, PlainValidator(_one_of(SUMMARIES)), _word(None, *SUMMARIES, says="How values become a result.")
    ] = NOT_STATED
    at: Names = Field((), description="Visits it is measured at.")
    baseline: Text | None = Field(None, description="The visit changes are counted from.")
    note: Text | None = None


STRATEGIES = ("treatment policy", "hypothetical", "composite", "while on treatment", "principal stratum")


class Estimand(Block):
    """The question an endpoint answers, by ICH E9(R1)."""

    population: Text
    intercurrent_events: Table[
        Annotated[str, PlainValidator(_one_of(STRATEGIES)), _word(None, *STRATEGIES, says="Strategy.")]
    ] = Field(NONE_GIVEN, alias="intercurrent events")
    summary: Text


class Objectives(Block):
    """What the study wants to know."""

    primary: Text | None = None
    endpoints: Table[Endpoint] = NONE_GIVEN
    estimands: Table[Estimand] = NONE_GIVEN


class Size(Block):
    """How many participants, and why."""

    enrol: WholeNumber | None = None
    reason: Text = NOT_STATED


class FollowUp(Block):
    """How long participants are followed after treatment."""

    says: Text | None = None
    after_last_dose: Span | None = Field(None, alias="after last dose")


class Decision(Block):
    """A conflict, a question or an assumption: what it is about, what it blocks, and who decided."""

    asks: Text | None = None
    texts: tuple[Text, ...] = ()
    options: Table[Text] = NONE_GIVEN
    sets: Text | None = Field(None, description="The value of the file that the chosen option stands in.")
    proposal: Text | None = None
    about: tuple[Text, ...] = Field((), description="Blocks of the file that rest on it.")
    blocks: Names = ()
    use: Text | None = None
    decided_by: Text = Field(NOBODY, alias="decided by")
    decided_on: Date | None = Field(None, alias="decided on")
    reason: Text | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decided_by == NOBODY


class Acceptance(Block):
    """A finding of a check that a named person has accepted."""

    by: Text
    on: Date
    reason: Text


class Protocol(Block):
    """A study as it will be run."""

    format: Annotated[str, PlainValidator(_one_of((FORMAT,))), _word(f"^{FORMAT}$", says="Version of this format.")]
    trial: Text = Field(description="The registry's number of the trial.")
    title: Text
    sponsor: Text = NOT_STATED
    sponsor_id: Text | None = Field(None, alias="sponsor id")
    version: Text
    phase: Text = NOT_STATED
    design: Design = Design()
    timezone: Text | None = None
    sources: Table[Text] = NONE_GIVEN
    calendar: Calendar = Calendar()
    arms: Table[Arm] = NONE_GIVEN
    drugs: Table[Drug] = NONE_GIVEN
    visits: Table[
        Annotated[
            VisitTiming,
            PlainValidator(lambda value: VisitTiming.parse(_raw(value))),
            _word(None, "day 85, window -3..+7, not before last dose + 1 day", says="When a visit happens."),
        ]
    ] = NONE_GIVEN
    follow_up: FollowUp = Field(FollowUp(), alias="follow-up")
    activities: Table[
        Annotated[
            Where,
            PlainValidator(lambda value: Where.parse(_raw(value))),
            _word(None, "screening, baseline, week 12", "dosing days", says="Where an activity is done."),
        ]
    ] = NONE_GIVEN
    forms: Table[Form] = NONE_GIVEN
    eligibility: Eligibility = Eligibility()
    objectives: Objectives = Objectives()
    size: Size = Size()
    stopping: tuple[Text, ...] = ()
    rules: Table[Table[Text]] = Field(
        NONE_GIVEN,
        description="Rules in words, by subject: derived values, data checks, deviations, safety.",
    )
    decisions: Table[Decision] = NONE_GIVEN
    accepted: Table[Acceptance] = NONE_GIVEN
    unread: tuple[Text, ...] = Field((), description="Registered words that no part of this file takes up.")
