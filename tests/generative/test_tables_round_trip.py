"""Whatever people are written as tables, reading gives them back, and no cell begins like a formula."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from trialrun.patients.fhir.node import clean
from trialrun.patients.person import Event, Period, Person, Sex, Status
from trialrun.patients.tables.read import find_table_person, read_tables
from trialrun.patients.tables.write import write_tables
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

_DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
_TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(["=1+1", "'=x", "''", "'", "-5", "+49 30", "@cmd", '"quoted", text', "line\nbreak", "a;b\tc", "阳性", "<5", "NA"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).map(str.strip),
)  # fmt: skip
_CODES = _TEXTS.filter(lambda text: "\n" not in text)
_NUMBERS = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
_AMOUNTS = st.one_of(st.none(), st.floats(0, 1e300))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(_DAYS)
    return draw(
        st.sampled_from(
            [PartialDate(day.year), PartialDate(day.year, day.month), PartialDate(day.year, day.month, day.day)]
        )
    )


@st.composite
def event_rows(draw: st.DrawFn, number: int) -> Event:
    start, end = draw(st.none() | partial_dates()), draw(st.none() | partial_dates())
    if start and end and end.last < start.first:
        end = None
    value = draw(_NUMBERS)
    low, high = (
        sorted([draw(st.floats(-1e6, 1e6)), draw(st.floats(-1e6, 1e6))]) if draw(st.booleans()) else (None, None)
    )
    texts = {
        name: draw(_CODES if name.endswith("_code") else _TEXTS)
        for name in (
            "source_system", "source_code", "source_text", "std_system", "std_code", "map_origin", "value_text",
            "value_code", "unit_source", "unit", "dose_unit", "route", "origin",
        )
    }  # fmt: skip
    return Event(
        f"{draw(st.sampled_from(['row', '=row', 'Zeile']))} {number}",
        draw(st.sampled_from(Domain)),
        start,
        end,
        draw(st.none() | st.times().map(lambda at: time(at.hour, at.minute, at.second))),
        value=value,
        comparator=draw(st.sampled_from(["", "<", "<=", ">", ">="])) if value is not None else "",
        low=low,
        high=high,
        dose=draw(_AMOUNTS),
        per_day=draw(_AMOUNTS),
        status=draw(st.sampled_from(Status)),
        **texts,
    )


@st.composite
def persons(draw: st.DrawFn) -> list[Person]:
    ids = draw(st.lists(_CODES.map(clean).filter(bool), max_size=4, unique=True))
    found = []
    for name in ids:
        days = draw(st.lists(_DAYS, max_size=2))
        found.append(
            Person(
                name,
                draw(st.none() | partial_dates()),
                draw(st.none() | st.sampled_from(Sex)),
                draw(st.none() | partial_dates()),
                tuple(draw(event_rows(number)) for number in range(draw(st.integers(0, 3)))),
                (Period(min(days), max(days)),) if days else (),
                draw(_TEXTS),
                draw(st.frozensets(st.sampled_from(Domain))) if days else frozenset(),
            )
        )
    return found


@given(persons())
def test_reading_gives_back_what_was_written(people: list[Person]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert write_tables(people, folder) == len(people)
        assert list(read_tables(folder)) == people
        for person in people[:1]:
            assert find_table_person(folder, person.id) == person


@given(persons())
def test_no_cell_is_a_formula(people: list[Person]) -> None:
    with tempfile.TemporaryDirectory() as name:
        write_tables(people, Path(name))
        for file in Path(name).iterdir():
            with file.open(encoding="utf-8", newline="") as text:
                cells = [cell for line in csv.reader(text) for cell in line]
            # A number may begin with a minus; nothing else may begin with a sign that starts a formula.
            assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")] == []
            assert all(_is_number(cell) for cell in cells if cell.startswith("-"))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
