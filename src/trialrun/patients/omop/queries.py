"""One SELECT for each table: the columns a row is made of, sorted by person."""

from __future__ import annotations

from trialrun.patients.omop import columns as c
from trialrun.patients.omop.cdm import EventTable
from trialrun.patients.omop.source import Table
from trialrun.vocabulary.concepts import Domain

COMMON = 10
"""Columns every event query begins with: person, id, concept, source value, source concept, start, clock, end, and the
texts of a start and an end that are no dates."""


def events_query(spec: EventTable, table: Table, person_id: int | None = None) -> str:
    """Rows of an event table in the order of persons and ids; those without a person id are left out."""
    start_column, end_column = f"{spec.date}_date", f"{spec.end}_date" if spec.end else ""
    start = f"coalesce({c.day(table, start_column)}, {c.day(table, start_column + 'time')})"
    end = "null::date"
    unread = f"(case when {start} is null then coalesce({c.unread(table, start_column)}, {c.unread(table, start_column + 'time')}) end)"
    if spec.end:
        end = f"coalesce({c.day(table, end_column)}, {c.day(table, end_column + 'time')})"
    time = c.clock(table, f"{spec.date}_datetime", start)
    if spec.domain is Domain.MEASUREMENT:
        time = f"coalesce({time}, {c.spoken_time(table, 'measurement_time')})"
    selected = [
        c.whole(table, "person_id"),
        c.text(table, spec.key),
        c.whole(table, f"{spec.what}_concept_id"),
        c.text(table, f"{spec.what}_source_value"),
        c.whole(table, f"{spec.what}_source_concept_id"),
        start,
        time,
        end,
        unread,
        c.unread(table, end_column) if spec.end else "null::varchar",
        *_more(spec, table),
    ]
    return _of_people(table, selected, person_id)


def _more(spec: EventTable, table: Table) -> list[str]:
    if spec.domain in (Domain.MEASUREMENT, Domain.OBSERVATION):
        return [
            c.number(table, "value_as_number"),
            c.text(table, "value_as_string"),
            c.whole(table, "operator_concept_id"),
            c.whole(table, "value_as_concept_id"),
            c.text(table, "value_source_value"),
            c.whole(table, "unit_concept_id"),
            c.text(table, "unit_source_value"),
            c.number(table, "range_low"),
            c.number(table, "range_high"),
            f"(case when {c.number(table, 'value_as_number')} is null then {c.text(table, 'value_as_number')} end)",
        ]
    if spec.domain is Domain.DRUG:
        return [
            c.day(table, "verbatim_end_date"),
            c.number(table, "quantity"),
            c.number(table, "days_supply"),
            c.whole(table, "route_concept_id"),
            c.text(table, "route_source_value"),
        ]
    return []


def person_query(table: Table, person_ids: tuple[int, ...] | None = None) -> str:
    """Persons in order: id, sex, year, month, day, death date, source value, sex as written, birth moment."""
    selected = [
        c.whole(table, "person_id"),
        c.whole(table, "gender_concept_id"),
        c.whole(table, "year_of_birth"),
        c.whole(table, "month_of_birth"),
        c.whole(table, "day_of_birth"),
        c.day(table, "death_date"),
        c.text(table, "person_source_value"),
        c.text(table, "gender_source_value"),
        c.day(table, "birth_datetime"),
        f"coalesce({c.unread(table, 'death_date')}, '')",
    ]
    return _of_people(table, selected, person_ids)


def death_query(table: Table, person_id: int | None = None) -> str:
    """Deaths in the order of persons: id, date, what could not be read of it."""
    when = f"coalesce({c.day(table, 'death_date')}, {c.day(table, 'death_datetime')})"
    return _of_people(table, [c.whole(table, "person_id"), when, c.unread(table, "death_date")], person_id)


def period_query(table: Table, person_id: int | None = None) -> str:
    """Observation periods in the order of persons: id, start, end."""
    start, end = (c.day(table, f"observation_period_{edge}_date") for edge in ("start", "end"))
    return _of_people(table, [c.whole(table, "person_id"), start, end], person_id)


def _of_people(table: Table, selected: list[str], wanted: int | tuple[int, ...] | None) -> str:
    """Rows in order, the person's id first: of one person, of some, or of everybody who has an id."""
    named = ", ".join(f"{expression} as c{number}" for number, expression in enumerate(selected))
    ids = (wanted,) if isinstance(wanted, int) else wanted
    where = "c0 is not null" if ids is None else f"c0 in ({', '.join(map(str, ids)) or 'null'})"
    return f"select * from (select {named} from {table.relation}) where {where} order by all"


def ids_by_source_value(table: Table, words: str) -> str:
    """The persons of a source value."""
    literal = "'" + words.replace("'", "''") + "'"
    value = c.text(table, "person_source_value")
    return f"select distinct {c.whole(table, 'person_id')} as found from {table.relation} where {value} = {literal} and found is not null"


def concept_columns(spec: EventTable) -> tuple[str, ...]:
    """The columns of an event table that hold concepts which are looked up."""
    common = (f"{spec.what}_concept_id", f"{spec.what}_source_concept_id")
    if spec.domain in (Domain.MEASUREMENT, Domain.OBSERVATION):
        return (*common, "unit_concept_id", "value_as_concept_id")
    return (*common, "route_concept_id") if spec.domain is Domain.DRUG else common
