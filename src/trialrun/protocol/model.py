"""The protocol file as frozen objects: one class per block, keys as people write them.

Every leaf is read from text by the small grammars of this room, so an object that exists is one that was
written correctly. References between blocks are checked in `references`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from trialrun.protocol.activities import Where
from trialrun.protocol.days import DayList
from trialrun.protocol.items import Item
from trialrun.protocol.leaves import (
    NONE_GIVEN,
    NOT_STATED,
    Date,
    Names,
    Span,
    Table,
    Text,
    WholeNumber,
    YesNo,
    described,
    one_of,
    raw,
    read_cap,
    read_cycles,
    read_days,
    read_dose,
    read_line,
    read_round_to,
    read_week_convention,
    read_weekdays,
)
from trialrun.protocol.timing import VisitTiming
from trialrun.protocol.windows import Spacing, Window
from trialrun.vocabulary.body import BsaFormula
from trialrun.vocabulary.calendar import StudyDay, week_day
from trialrun.vocabulary.dose import Amount, Dose

FORMAT = "trialrun/1"
NOBODY = "nobody yet"


class Block(BaseModel):
    """A block of the file: keys as written are aliases, unknown keys are problems, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, arbitrary_types_allowed=True)


class Design(Block):
    """How participants are assigned and who knows of it; the registry's own words."""

    allocation: Annotated[
        str,
        PlainValidator(one_of(("not applicable", "randomised", "non-randomised", NOT_STATED))),
        described("^(not applicable|randomised|non-randomised|not stated)$", says="How participants are assigned."),
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
        PlainValidator(one_of(WHEN_CLOSED_DOSE)),
        described(None, *WHEN_CLOSED_DOSE, says="What happens to a dose."),
    ] = "give anyway"
    visit: Annotated[
        str,
        PlainValidator(one_of(WHEN_CLOSED_VISIT)),
        described(None, *WHEN_CLOSED_VISIT, says="What happens to a visit."),
    ] = "hold anyway"


class Calendar(Block):
    """How days are counted and which days are closed."""

    day_1: Text = Field("first dose", alias="day 1", description="What day 1 is.")
    start_on: Annotated[
        tuple[str, ...],
        PlainValidator(read_weekdays),
        described(None, "Mon", "Mon, Tue", says="Weekdays day 1 may fall on."),
    ] = Field((), alias="start on")
    week_plus_one: Annotated[
        bool,
        PlainValidator(read_week_convention),
        described(r"^day 7n( \+ 1)?$", "day 7n + 1", says="Which day `week n` is."),
    ] = Field(True, alias="week n")
    months: Text = "calendar months"
    closed_days: Annotated[
        tuple[str, ...],
        PlainValidator(read_weekdays),
        described(None, "Sat, Sun", says="Weekdays the site is closed."),
    ] = Field((), alias="closed days")
    holidays: Annotated[
        str | None,
        PlainValidator(read_line),
        described("^[A-Z]{2}(-[A-Z0-9]{1,3})?$", "CN", says="Country of the holidays."),
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
        PlainValidator(lambda value: BsaFormula(one_of(tuple(BsaFormula))(value))),
        described("^(Mosteller|DuBois)$", says="Formula of body surface area."),
    ] = None
    height: Text | None = Field(None, description="The visit whose height counts.")
    weight: Text | None = Field(None, description="The visit whose weight counts.")


class HoldRule(Block):
    """When doses pause, until when, and how they start again."""

    condition: Text = Field(alias="if")
    until: Text | None = None
    restart: Text | None = Field(None, description="Words; `…; stop if held > 14 days` at their end is computed with.")

    @property
    def longest_days(self) -> int | None:
        """How many days a hold under this rule may last before treatment stops; None where it does not say."""
        found = _STOP_IF_HELD.search(self.restart or "")
        return None if found is None else int(found[1]) * (7 if found[2] == "week" else 1)


_STOP_IF_HELD = re.compile(r"(?:^|;)\s*stop if held (?:>|more than|longer than) (\d{1,4}) (day|week)s?\s*$")

COUNTED_FROM = ("day 1", "previous dose")
MISSED = ("skip", "late within the window", "add at the end")


class Drug(Block):
    """Something given to participants, and the rules of giving it."""

    name: Text
    kind: Text = Field("drug", description="drug, biological, device, procedure, behavioural, …")
    route: Text = NOT_STATED
    dose: Annotated[
        Dose | None,
        PlainValidator(read_dose),
        described(None, "1,000,000 IU per m2", NOT_STATED, says="Dose each time."),
    ] = None
    body_size: BodySizeRule = Field(BodySizeRule(), alias="body size")
    round_to: Annotated[
        Amount | None, PlainValidator(read_round_to), described(None, "to 50,000 IU", says="Rounding.")
    ] = Field(None, alias="round")
    cap: Annotated[
        Amount | None, PlainValidator(read_cap), described(None, "none stated", "2,000 mg", says="Largest dose.")
    ] = None
    days: Annotated[
        DayList | None,
        PlainValidator(read_days),
        described(None, "1-5, 8-12; 33, 40 ... 82", "every 14 from 1", NOT_STATED, says="Dosing days."),
    ] = None
    counted_from: Annotated[
        str,
        PlainValidator(one_of(COUNTED_FROM)),
        described(None, *COUNTED_FROM, says="What each dosing day is counted from."),
    ] = Field("day 1", alias="from")
    times_a_day: WholeNumber = Field(1, alias="times a day")
    cycle: Span | None = Field(None, description="Length of a cycle; `days` are then days of each cycle.")
    cycles: Annotated[
        int | None, PlainValidator(read_cycles), described(None, "6", "until stopped", says="How many cycles.")
    ] = None
    window: Table[
        Annotated[
            Window,
            PlainValidator(lambda value: Window.parse(raw(value))),
            described(None, "0", "-2..+2", says="Window."),
        ]
    ] = Field(NONE_GIVEN, description="Windows by days: `days 1-26: 0`, or `all days`.")
    spacing: Annotated[
        Spacing | None,
        PlainValidator(lambda value: Spacing.parse(raw(value))),
        described(None, "at least 20 hours on days 1-26", says="Least time between two doses."),
    ] = None
    missed: Annotated[
        str, PlainValidator(one_of(MISSED)), described(None, *MISSED, says="What happens to a missed dose.")
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
            PlainValidator(lambda value: Item.parse(raw(value))),
            described(None, "number 34.0..42.0 Cel, usual 35.5..37.9", "yes or no", "date", says="One field."),
        ]
    ]


class Criterion(Block):
    """A sentence about who may join: the registered words, and the rule that runs them."""

    says: Text
    rule: Text | None = Field(None, description="What is decided at screening, in the language of rules.")
    on_study: Text | None = Field(None, alias="on study", description="What must stay true after enrolment.")
    note: Text | None = None
    referral: Text | None = Field(None, description="Advice that the sentence gives beside its condition.")
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
        PlainValidator(lambda value: Level(one_of(tuple(Level))(value))),
        described("^(primary|secondary|other)$", says="Level of the endpoint."),
    ]
    says: Text = Field(description="The registered measure.")
    time_frame: Text | None = Field(None, alias="time frame", description="The registered time frame.")
    variable: Text | None = None
    collected_by: Names = Field((), alias="collected by", description="Activities that bring the values.")
    summary: Annotated[
        str, PlainValidator(one_of(SUMMARIES)), described(None, *SUMMARIES, says="How values become a result.")
    ] = NOT_STATED
    at: Names = Field((), description="Visits it is measured at.")
    baseline: Text | None = Field(None, description="The visit changes are counted from.")
    note: Text | None = None


STRATEGIES = ("treatment policy", "hypothetical", "composite", "while on treatment", "principal stratum")


class Estimand(Block):
    """The question an endpoint answers, by ICH E9(R1)."""

    population: Text
    intercurrent_events: Table[
        Annotated[str, PlainValidator(one_of(STRATEGIES)), described(None, *STRATEGIES, says="Strategy.")]
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

    format: Annotated[str, PlainValidator(one_of((FORMAT,))), described(f"^{FORMAT}$", says="Version of this format.")]
    trial: Text = Field(description="The registry's number of the trial.")
    title: Text
    sponsor: Text = NOT_STATED
    sponsor_id: Text | None = Field(None, alias="sponsor id")
    version: Text
    phase: Text = NOT_STATED
    design: Design = Design()
    timezone: Text | None = None
    terms: Text | None = Field(None, description="File of the study's own terms, beside this one.")
    sources: Table[Text] = NONE_GIVEN
    calendar: Calendar = Calendar()
    arms: Table[Arm] = NONE_GIVEN
    drugs: Table[Drug] = NONE_GIVEN
    visits: Table[
        Annotated[
            VisitTiming,
            PlainValidator(lambda value: VisitTiming.parse(raw(value))),
            described(None, "day 85, window -3..+7, not before last dose + 1 day", says="When a visit happens."),
        ]
    ] = NONE_GIVEN
    follow_up: FollowUp = Field(FollowUp(), alias="follow-up")
    activities: Table[
        Annotated[
            Where,
            PlainValidator(lambda value: Where.parse(raw(value))),
            described(None, "screening, baseline, week 12", "dosing days", says="Where an activity is done."),
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
