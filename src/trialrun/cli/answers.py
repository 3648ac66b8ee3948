"""The shape of every JSON answer: what the docs describe and the tests hold the commands to."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """Base of all answers: no field beyond those described."""

    model_config = ConfigDict(extra="forbid")


class RejectedSource(Answer):
    """A source that was not taken."""

    source: str = Field(description="File and line, or position, of what was rejected.")
    reason: str = Field(description="Why, in words.")


class Added(Answer):
    """What happened to each record that was offered to the store."""

    added: int = Field(description="Records that are new in the store.")
    updated: int = Field(description="Records that are later or fuller than the stored version; that one is kept.")
    unchanged: int = Field(description="Records that are stored already.")
    older: int = Field(description="Records kept beside a later or fuller version, which stays current.")
    rejected: list[RejectedSource] = Field(description="Everything that was not taken, with the reason.")


class OpenItem(Answer):
    """A conflict, question or assumption that nobody has decided yet."""

    id: str = Field(description="`C1`, `Q12`, `A3`: the letter says what it is.")
    kind: str = Field(description="conflict, question or assumption; finding for one that was accepted.")
    asks: str | None = Field(description="The question in words.")
    texts: list[str] = Field(description="The words that contradict each other or leave it open.")
    options: dict[str, str] = Field(description="Closed choices: option → the value it stands for.")
    proposal: str | None = Field(description="What the file proposes.")
    blocks: list[str] = Field(description="What stays blocked until somebody decides.")


class DecidedItem(OpenItem):
    """A row of the decisions, or an accepted finding, after `trialrun decide`."""

    use: str | None = Field(description="What was chosen.")
    decided_by: str = Field(description="Name and role.")
    decided_on: datetime.date = Field(description="When.")
    reason: str = Field(description="Why.")
    unchanged: list[int] = Field(
        description="Lines that carry the item's mark and still say what was proposed, where something else was chosen."
    )


class FindingRow(Answer):
    """Something a check found."""

    id: str = Field(description="The check, `L17`; `LOAD` for what keeps a file from loading.")
    line: int = Field(description="Line in the protocol file, from 1.")
    column: int = Field(description="Column, from 1.")
    message: str = Field(description="The finding in words.")
    subject: str = Field(
        description="The value it is about, as a dotted path; empty for the file or record as a whole."
    )
    texts: list[str] = Field(description="The words that contradict each other, for conflicts.")
    hint: str | None = Field(description="What to do.")
    recorded_as: str | None = Field(description="The row of the decisions that records a conflict.")
    accepted: bool = Field(description="Whether a named person has accepted it.")


class Checked(Answer):
    """Findings of all checks, and what is open."""

    file: str = Field(description="The protocol file.")
    hash: str | None = Field(description="Hash of the protocol's meaning; null when it does not load.")
    compared_with: str | None = Field(description="The record compared with; null means not compared.")
    on: datetime.date | None = Field(description="The date that status and dates were judged on.")
    errors: list[FindingRow] = Field(description="What must be mended; exit code 1.")
    warnings: list[FindingRow] = Field(description="What is worth a look, recorded, or accepted.")
    open: list[OpenItem] = Field(description="What nobody has decided yet.")


class DoseJson(Answer):
    """One administration."""

    drug: str = Field(description="Key of the drug in the protocol.")
    number: int = Field(description="1 … n over the drug.")
    day: int = Field(description="Nominal study day; there is no day 0.")
    date: datetime.date = Field(description="Date it is planned for, or was given on.")
    amount: float | None = Field(description="What to give each time; null while something blocks it.")
    unit: str | None = Field(description="Unit of the amount.")
    blocked_by: list[str] = Field(description="Open rows of the decisions, or what is missing: `height and weight`.")
    nominal_date: datetime.date = Field(description="Date of the nominal day.")
    earliest: datetime.date = Field(description="First allowed date.")
    latest: datetime.date = Field(description="Last allowed date.")
    state: str = Field(description="planned, given, missed, closed, held, cancelled, conflict or not recorded.")
    reasons: list[str] = Field(description="What a reader must know about this row.")


class VisitJson(Answer):
    """One visit."""

    name: str = Field(description="Name of the visit in the protocol.")
    day: int | None = Field(description="Nominal study day; null where it hangs on an event.")
    last_day: int | None = Field(description="Last day of a range such as screening.")
    date: datetime.date | None = Field(description="Date it is planned for, or took place on.")
    earliest: datetime.date | None = Field(description="First allowed date.")
    latest: datetime.date | None = Field(description="Last allowed date.")
    nominal_date: datetime.date | None = Field(description="Date of the nominal day.")
    state: str = Field(description="planned, done, conditional or cancelled.")
    telephone: bool = Field(description="Whether it is a call.")
    provisional: bool = Field(description="Whether the range hangs on an anchor that is only planned yet.")
    blocked_by: list[str] = Field(description="Open rows of the decisions that block this visit.")
    reasons: list[str] = Field(description="What a reader must know about this row.")


class Scheduled(Answer):
    """One participant's doses and visits."""

    trial: str = Field(description="Number of the trial.")
    version: str = Field(description="Version of the protocol.")
    hash: str = Field(description="Hash of the protocol's meaning.")
    start: datetime.date = Field(description="Date of day 1.")
    arm: str | None = Field(description="The arm that was named.")
    doses: list[DoseJson] = Field(description="All doses, by drug and number.")
    visits: list[VisitJson] = Field(description="All visits, by date; those without a date last.")
    notes: list[str] = Field(description="What is true of the whole plan.")
    assumes: list[str] = Field(description="Open questions and assumptions the plan rests on.")
    provisional_years: list[int] = Field(description="Years whose public holidays are not known for sure.")


class AnchorJson(Answer):
    """A day that windows are counted from."""

    anchor: str = Field(description="consent, screening, enrolment, day 1.")
    date: datetime.date = Field(description="Its date.")
    projected: bool = Field(description="Whether the date is not a fact yet.")


class EvidenceJson(Answer):
    """A row that was looked at."""

    row: str = Field(description="Id of the row in the person's record.")
    decided: bool = Field(description="Whether the verdict rests on it.")
    date: str = Field(description="When, as recorded; with its end where it has one.")
    what: str = Field(description="The words found in the source.")
    value: str = Field(description="Value, dose or status, in words.")
    origin: str = Field(description="File and place, or table and row.")


class MissingJson(Answer):
    """Something that keeps a verdict unknown."""

    reason: str = Field(description="NO_ROW, NO_COVERAGE, PARTIAL_DATE, NO_UNIT, NO_ULN, NO_DOSE, NEEDS_PERSON, …")
    what: str = Field(description="What is missing, in words.")
    row: str | None = Field(description="The row it is missing from.")
    who: str = Field(description="Who can supply it.")


class CriterionJson(Answer):
    """A criterion, or a part of one, answered for the person."""

    id: str = Field(description="`I3`, `I3.4.e`.")
    excludes: bool = Field(description="Whether it is an exclusion.")
    says: str = Field(description="The registered sentence.")
    rule: str | None = Field(description="The rule in words; null where there is only a promise.")
    verdict: str = Field(description="met, not met or unknown. An exclusion is met when it applies.")
    reason: str | None = Field(description="For unknown: the first thing that is missing.")
    assumes: list[str] = Field(description="Undecided items of the protocol that the rule rests on.")
    assumed: list[str] = Field(description="What was taken for granted: silence as 'no', the role of who answered.")
    because: list[str] = Field(description="The facts behind the verdict, in words.")
    evidence: list[EvidenceJson] = Field(description="Rows looked at, those that decided first.")
    missing: list[MissingJson] = Field(description="What keeps it unknown; empty where it is known.")
    note: str = Field(description="The protocol's remark.")
    referral: str = Field(description="Advice that the sentence gives beside its condition.")
    parts: list[CriterionJson] = Field(description="Its parts, in the same shape.")


class QuestionJson(Answer):
    """A question that only a person can answer, and that can still change the verdict."""

    item: str = Field(description="The id its answer is given under: `I2.2`.")
    who: str = Field(description="investigator or participant.")
    words: str = Field(description="The question, with its verb.")
    only_if: str | None = Field(description="What must hold before it matters; null where it always does.")
    yes: str = Field(
        description="What 'yes' does: may not join, `E4 does not apply`, `E10 stays open`, `then see E10.c`."
    )
    no: str = Field(description="What 'no' does.")


class PromiseJson(Answer):
    """What must stay true after enrolment."""

    id: str = Field(description="The criterion or part that asks it.")
    says: str = Field(description="The registered sentence.")
    rule: str = Field(description="The promise in words.")


class SetAsideJson(Answer):
    """A row that was not looked at."""

    row: str = Field(description="Id of the row.")
    why: str = Field(description="Why: its status, its date, or that it stands there twice.")


class Explained(Answer):
    """One person against every criterion."""

    trial: str = Field(description="Number of the trial.")
    protocol_hash: str = Field(description="Hash of the protocol's meaning.")
    vocabulary: str = Field(description="Hash of the terms that read the rows.")
    on: datetime.date = Field(description="The screening date.")
    anchors: list[AnchorJson] = Field(description="The days used.")
    person: str = Field(description="Id of the person.")
    verdict: str = Field(description="excluded, possible or eligible; excluded gives exit code 1.")
    remarks: list[str] = Field(description="What a reader must know first.")
    criteria: list[CriterionJson] = Field(description="All criteria, in the protocol's order.")
    questions: list[QuestionJson] = Field(description="What to ask; empty for a person who is excluded.")
    promises: list[PromiseJson] = Field(description="What conduct watches.")
    set_aside: list[SetAsideJson] = Field(description="Rows not looked at.")


class CoverageJson(Answer):
    """How much of what was looked for was read; all of it is no protocol yet."""

    elements: int = Field(description="Things looked for: arms, outcomes, criteria, doses, routes, days, visits.")
    read: int = Field(description="Those that were read.")
    share: float | None = Field(description="read / elements; null where there was nothing to read.")


class DrawnJson(Answer):
    """Where a value came from."""

    path: str = Field(description="The value in the protocol file.")
    source: str = Field(description="The source, `S1`.")
    field: str = Field(description="The field of the record.")
    text: str = Field(description="The words it was read from.")


class Drafted(Answer):
    """A drafted protocol file."""

    file: str | None = Field(description="Where it was written.")
    text: str | None = Field(description="The file itself, where it was not written.")
    hash: str = Field(description="Hash of the protocol's meaning.")
    problems: list[str] = Field(description="What could not be read.")
    coverage: CoverageJson = Field(description="How much was read.")
    open: list[OpenItem] = Field(description="Conflicts, questions and assumptions of the draft.")
    provenance: list[DrawnJson] = Field(description="Where each value came from.")


class CodeCount(Answer):
    """A code as it was found in rows, and how often."""

    system: str = Field(description="As found; empty where none was.")
    code: str = Field(description="As found; empty where the row has words only.")
    text: str = Field(description="Its words, the first 200 characters.")
    count: int = Field(description="Rows that carry it.")


class ReadJson(Answer):
    """What was read of a source of patients, and what could not be."""

    files: int = Field(description="Files that were read.")
    people: int = Field(description="People that were read.")
    rejected_files: int = Field(description="Files that could not be used, or (of an export) not to their end.")
    rejected_people: int = Field(description="People that could not be used.")
    rejections: list[str] = Field(description="Why, the first 200.")
    read: dict[str, int] = Field(description="Resources or rows of the source by type that became rows or people.")
    ignored: dict[str, int] = Field(description="Those that are not read, by type.")
    rows: dict[str, int] = Field(description="Rows by domain.")
    mapped: int = Field(description="Rows with a standard code.")
    unmapped: int = Field(description="Rows without one, visits apart.")
    unmapped_codes: list[CodeCount] = Field(description="Their codes, the most frequent first, at most 1,000.")
    no_date: int = Field(description="Rows without a date.")
    no_code: int = Field(description="Rows without a code.")
    no_value: int = Field(description="Measurements without a value.")
    no_unit: int = Field(description="Numbers without a unit.")
    unknown_units: dict[str, int] = Field(description="Units of numbers that nobody knows, as spelled → rows.")
    partial_dates: int = Field(description="Rows whose start is a year or a month.")
    future: int | None = Field(description="Rows that start after `on`; null where no date was given.")
    on: datetime.date | None = Field(description="The date that `future` refers to.")
    meant: int | None = Field(description="Rows that mean a term of the shipped vocabulary.")
    not_understood: int = Field(
        description="Rows whose codes and words tell no term and rule out none: rules take them as unknown."
    )
    not_understood_codes: list[CodeCount] = Field(description="Their codes, the most frequent first, at most 1,000.")
    repeated: int = Field(description="Resources listed twice with the same content, read once.")
    duplicates: int = Field(description="Rows that say the same as an earlier one; they are kept.")
    codes_left_out: int = Field(description="Codes beyond the two a row can carry.")
    unresolved: int = Field(description="References that lead nowhere.")
    problem_count: int = Field(description="Everything that could not be read.")
    problems: list[str] = Field(description="The first 200 of it, with file and place.")
    lost_count: int = Field(description="What could not be made into rows; exit code 1.")
    lost: list[str] = Field(description="The first 200 of it, with file and place.")


class MadeUpClinic(Answer):
    """What `trialrun clinic` wrote. Nobody in it exists."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    made_up: bool = Field(description="Always true.")
    people: int = Field(description="How many.")
    seed: str = Field(description="The seed; the same one gives the same people.")
    on: datetime.date = Field(description="The day the records are of; screen the people on this day.")
    form: str = Field(alias="as", description="fhir, ndjson or omop.")
    folder: str = Field(description="Where they are.")
    changed: list[str] = Field(description="Parameters that are not as shipped: `section: name: value`.")
    counts: dict[str, int] = Field(description="Resources of each type, or rows of each table.")


class PatientsRead(ReadJson):
    """Who is in a source of patients, and what could not be read."""

    source: str = Field(description="The file, folder or name that was given.")
    kind: str = Field(description="What it is: made-up person, FHIR bundle, folder of FHIR bundles, …")
    covered: int = Field(description="People of whom some stretch of time is said to be recorded completely.")


class FunnelRowJson(Answer):
    """A criterion over everybody; nobody is left out of its first three counts because of another row."""

    id: str = Field(description="The criterion, `I3`, in the protocol's order.")
    excludes: bool = Field(description="Whether it is an exclusion.")
    says: str = Field(description="The registered sentence.")
    met: int = Field(description="Of how many it is met. An exclusion is met when it applies.")
    not_met: int = Field(description="Of how many it is not met.")
    unknown: int = Field(description="Of how many it is unknown. The three add up to `persons`.")
    remaining: int = Field(description="How many are alive and not excluded by this row or those before it.")
    sure: int = Field(description="How many of these have passed every row up to this one for certain.")
    alone: int = Field(description="How many this criterion excludes and no other does.")
    eligible_without: int = Field(description="Of `alone`, how many would be eligible without it.")
    possible_without: int = Field(description="Of `alone`, how many would be possible without it; the two add up.")


class LeverJson(Answer):
    """Something that is not known of people who might join."""

    who: str = Field(description="Who can supply it.")
    what: str = Field(description="What it is, in words.")
    waiting: int = Field(description="How many possible participants need it.")
    settles: int = Field(description="Of these, how many need nothing else.")
    criteria: list[str] = Field(description="The criteria that wait for it.")


class AskJson(Answer):
    """Something to find out of one person."""

    who: str = Field(description="Who can supply it.")
    what: str = Field(description="What it is, in words.")
    criteria: list[str] = Field(description="The criteria that wait for it.")


class CandidateJson(Answer):
    """Somebody who is not excluded."""

    person: str = Field(description="Id of the person.")
    standing: str = Field(description="eligible or possible.")
    unknown: list[str] = Field(description="The criteria nobody can answer yet, in the protocol's order.")
    ask: list[AskJson] = Field(description="What to find out.")


class ScreenedMany(Answer):
    """Everybody of a source against every criterion, counted."""

    trial: str = Field(description="Number of the trial.")
    protocol_hash: str = Field(description="Hash of the protocol's meaning.")
    vocabulary: str = Field(description="Hash of the terms that read the rows.")
    source: str = Field(description="Where the people are, in words.")
    engine: str = Field(description="How it was worked out: python.")
    on: datetime.date = Field(description="The screening date.")
    anchors: list[AnchorJson] = Field(description="The days used.")
    persons: int = Field(description="Everybody who was screened.")
    eligible: int = Field(description="All criteria known, and none against.")
    possible: int = Field(description="Something unknown, and nothing known against.")
    asked_only: int = Field(
        description="Of these, how many wait for answers of the investigator and participant alone."
    )
    excluded: int = Field(description="The rest. The three add up to `persons`.")
    deceased: int = Field(description="Of the excluded, how many because they are recorded as dead.")
    undecided: list[str] = Field(description="Undecided items of the protocol that any verdict rests on.")
    no_coverage: int = Field(description="People of whom nothing says from when to when their record is complete.")
    taken_as_no: int = Field(
        description="People of whom something was taken for granted because it, or no more of it, is recorded."
    )
    stand_ins: int = Field(description="People of whom a person's answer stands in for a missing record.")
    roles: list[str] = Field(description="What was taken for granted of who answered.")
    remarks: list[str] = Field(description="What was not read at all, and answers that were not used, and why.")
    criteria: list[FunnelRowJson] = Field(description="The funnel, in the protocol's order.")
    levers: list[LeverJson] = Field(description="What to find out; what settles most comes first.")
    suppliers: list[LeverJson] = Field(description="The same by who can supply it.")
    candidates_total: int = Field(description="How many are not excluded.")
    candidates: list[CandidateJson] = Field(description="The nearest first; as many as `--limit` says.")
    read: ReadJson = Field(description="What was read, and what could not be; `meant` is not counted here.")


ANSWERS: dict[str, type[Answer]] = {
    "add": Added,
    "draft": Drafted,
    "check": Checked,
    "decide": DecidedItem,
    "patients": PatientsRead,
    "clinic": MadeUpClinic,
    "screen": ScreenedMany,
    "screen --person": Explained,
    "schedule": Scheduled,
}
"""Command -> shape of its `--json` answer. `show --json` is the record itself, in the registry's shape."""
