"""How a file is laid out: which column is which field, and how dates and numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PERSON_FIELDS = ("id", "birth", "sex", "death", "origin", "silent")
COVERAGE_FIELDS = ("start", "end")
EVENT_FIELDS = (
    "id", "domain", "start", "end", "time", "source_system", "source_code", "source_text", "std_system", "std_code",
    "map_origin", "value", "comparator", "value_text", "value_code", "unit_source", "unit", "low", "high", "dose",
    "dose_unit", "per_day", "route", "status", "origin",
)  # fmt: skip
CONTENT = ("source_code", "source_text", "std_code", "value", "value_text", "value_code", "dose")
"""Fields of which a line must fill one that is taken from a column, so that it makes a row."""

ONE_LINE = (
    "id", "birth", "sex", "death", "silent", "domain", "start", "end", "time", "source_code", "std_code", "value", "status",
)  # fmt: skip
"""Fields that never run over several lines."""

PERSON_COLUMNS: Mapping[str, str] = {
    "patient_id": "id", "birth_date": "birth", "sex": "sex", "death_date": "death", "origin": "origin",
    "silent": "silent",
}  # fmt: skip
"""Our own column → field, in patients."""
EVENT_COLUMNS: Mapping[str, str] = {"event_id": "id", **{name: name for name in EVENT_FIELDS if name != "id"}}
"""Our own column → field, in events, beside `patient_id`."""
OTHER_NAMES: Mapping[str, str] = {
    "person_id": "patient_id", "birth": "birth_date", "death": "death_date", "value_num": "value",
    "value_comparator": "comparator", "unit_ucum": "unit", "ref_low": "low", "ref_high": "high", "dose_num": "dose",
    "origin_ref": "origin",
}  # fmt: skip
"""Other names for our own columns."""

DATES = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class RowMap:
    """How a line becomes a row.

    Args:
        columns: Field → column.
        fixed: Field → the value every row has.
        is_own: Whether it is our own shape, in which each line is a row whatever it holds.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class FileMap:
    """How a file is read.

    Args:
        file: Its name.
        person: Field of a person → column; `id` is always there.
        rows: Each line makes one row for each of these.
        coverage: Field of a period → column.
        separator: Empty where the first line tells.
        dates: How dates are written: `YYYY-MM-DD`, `DD.MM.YYYY`.
        decimal: The decimal sign.
        empty: Texts that stand for nothing.
        sexes: Words for sexes → `female`, `male`, `other`.
        ignore: Columns that are not read.
    """

    file: str
    person: Mapping[str, str]
    rows: tuple[RowMap, ...] = ()
    coverage: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    dates: str = DATES
    decimal: str = "."
    empty: frozenset[str] = frozenset()
    sexes: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    @property
    def makes_people(self) -> bool:
        """Whether it says who there is, and not only what happened to them."""
        return len(self.person) > 1

    @property
    def in_one_line(self) -> tuple[str, ...]:
        """The columns of ids, codes and dates, which are never longer than a line."""
        columns = [column for row in self.rows for name, column in row.columns.items() if name in ONE_LINE]
        told = [column for name, column in self.person.items() if name in ONE_LINE]
        return tuple(dict.fromkeys([*told, *self.coverage.values(), *columns]))

    @property
    def used(self) -> tuple[str, ...]:
        """The columns it needs."""
        columns = [*self.person.values(), *self.coverage.values()]
        columns += [column for row in self.rows for column in row.columns.values()]
        return tuple(dict.fromkeys(columns))
