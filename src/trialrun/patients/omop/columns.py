"""Columns as DuckDB expressions that never fail: integers, numbers, texts, days and times, whatever type a file gives them.

A day that cannot be read becomes NULL, and its text is given beside it, so that it can be told.
"""

from __future__ import annotations

from trialrun.patients.omop.source import Table

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_FLOATS = ("DOUBLE", "FLOAT", "REAL")
_NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
PLACEHOLDERS = ("1900-01-01", "9999-12-31", "2099-12-31", "0001-01-01")
"""Days that systems write where they have none."""


def whole(table: Table, column: str) -> str:
    """A whole number; `3.0` is 3; `3.5`, `3e0`, `0x3` and words are NULL."""
    name, kind = _find(table, column)
    if not name:
        return "null::bigint"
    if kind in _WHOLE:
        return f"{name}::bigint"
    if kind in _FLOATS or kind.startswith("DECIMAL"):
        return f"(case when {name} = floor({name}) then try_cast({name} as bigint) end)"
    # A cast alone would round 1.4 to 1: the row would be another person's.
    text = f"trim({name}::varchar)"
    digits = f"regexp_replace({text}, '[.]0*$', '')"
    return f"(case when regexp_full_match({text}, '[+-]?[0-9]+([.]0*)?') then try_cast({digits} as bigint) end)"


def number(table: Table, column: str) -> str:
    """A finite number; NaN, infinity and words are NULL."""
    name, kind = _find(table, column)
    if not name:
        return "null::double"
    said = f"trim({name}::varchar)"
    spelled = f"(case when regexp_full_match({said}, '{_NUMBER}') then try_cast({said} as double) end)"
    value = f"{name}::double" if kind in _WHOLE or kind in _FLOATS else spelled
    return f"(case when isfinite({value}) then {value} end)"


def text(table: Table, column: str) -> str:
    """A text without blanks around it; a whole number kept as a float is written without its `.0`."""
    name, kind = _find(table, column)
    if not name:
        return "null::varchar"
    if kind in _FLOATS:
        as_whole = f"try_cast({name} as bigint)::varchar"
        return f"(case when {name} = floor({name}) then coalesce({as_whole}, {name}::varchar) else {name}::varchar end)"
    return f"nullif(trim({name}::varchar), '')"


def day(table: Table, column: str) -> str:
    """A day between the years 1 and 9999 that is not one of the placeholders."""
    name, kind = _find(table, column)
    if not name:
        return "null::date"
    found = _as_day(name, kind)
    barred = ", ".join(f"date '{placeholder}'" for placeholder in PLACEHOLDERS)
    return f"(case when {found} between date '0001-01-01' and date '9999-12-31' and {found} not in ({barred}) then {found} end)"


def unread(table: Table, column: str) -> str:
    """The text of a day that is there and cannot be used; NULL otherwise."""
    name, _ = _find(table, column)
    if not name:
        return "null::varchar"
    said = f"nullif(trim({name}::varchar), '')"
    return f"(case when {said} is not null and {day(table, column)} is null then left({said}, 40) end)"


def clock(table: Table, column: str, on: str) -> str:
    """The time of day of a moment that lies on a day; midnight is how systems write that none is known."""
    name, kind = _find(table, column)
    if not name or kind == "DATE":
        return "null::time"
    moment = (
        name
        if kind.startswith("TIMESTAMP") and "ZONE" not in kind
        else f"try_cast(left({name}::varchar, 19) as timestamp)"
    )
    return f"(case when {moment}::date = {on} and {moment}::time <> time '00:00:00' then {moment}::time end)"


def spoken_time(table: Table, column: str) -> str:
    """A column that holds a time of day alone."""
    name, kind = _find(table, column)
    if not name or kind != "VARCHAR":
        return "null::time"
    return f"nullif(try_cast({name} as time), time '00:00:00')"


def _as_day(name: str, kind: str) -> str:
    if kind == "DATE":
        return name
    if kind.startswith("TIMESTAMP") and "ZONE" not in kind:
        return f"try_cast({name} as date)"
    said = f"trim({name}::varchar)"
    packed = f"case when regexp_full_match({said}, '[0-9]{{8}}') then try_strptime({said}, '%Y%m%d')::date end"
    return (
        f"coalesce(case when regexp_full_match({said}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ].*)?') "
        f"then try_cast(left({said}, 10) as date) end, {packed})"
    )


def _find(table: Table, column: str) -> tuple[str, str]:
    if column not in table.columns:
        return "", ""
    name, kind = table.columns[column]
    return '"' + name.replace('"', '""') + '"', kind
