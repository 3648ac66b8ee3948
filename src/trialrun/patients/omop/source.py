"""Opens OMOP tables with DuckDB: a folder of Parquet, CSV or TSV files, or one DuckDB file, read-only.

Parquet and DuckDB tables are read where they lie. Text files are loaded once into a DuckDB file in a temporary folder,
every value as text, so that a value that cannot be read is found where it stands and not by the loader.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.errors import InputError, MachineError, did_you_mean, shortened
from trialrun.packed import PackedError, opened
from trialrun.patients.omop import cdm

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "1GB"
"""What DuckDB may hold; sorting more goes to the temporary folder."""
MAX_LINE = 2_000_000
_TEXT = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".txt", ".txt.gz")
_ENDINGS = (".parquet", *_TEXT)
_DATABASES = (".duckdb", ".ddb", ".db")
_BLOCK = 1 << 20
_ATTACHED = "people_of_file"


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Args:
        name: In the model's words: `condition_occurrence`.
        relation: What stands after FROM.
        columns: Name in small letters → (name as written, DuckDB type).
        file: The file or table it is, for people.
    """

    name: str
    relation: str
    columns: Mapping[str, tuple[str, str]]
    file: str


@dataclass(frozen=True, slots=True)
class Source:
    """Opened tables.

    Args:
        connection: To DuckDB; cursors of it may be used side by side.
        tables: By name.
        name: Of the folder or file.
        others: Tables that are not read, with what stands after FROM.
        lost: Lines that are no rows: what stood in them nobody knows.
    """

    connection: DuckDBPyConnection
    tables: Mapping[str, Table]
    name: str
    others: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def is_omop(path: Path) -> bool:
    """Whether a path looks like OMOP tables: a folder with a person table, or a DuckDB file."""
    if path.is_dir():
        return any(_table_name(entry) == "person" for entry in path.iterdir())
    return path.is_file() and path.name.lower().endswith(_DATABASES)


@contextmanager
def opened_source(path: Path, wanted: Iterable[str] | None = None) -> Iterator[Source]:
    """The tables at a path, closed at the end.

    Args:
        path: A folder of files named like the tables, in any case, or a DuckDB file.
        wanted: Tables to open; all that are known unless given.

    Raises:
        InputError: there are no such tables, or one of them cannot be read.
        MachineError: no permission, no disk.
    """
    import duckdb

    names = tuple(wanted) if wanted is not None else _known()
    with tempfile.TemporaryDirectory(prefix="trialrun-omop-") as scratch:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": scratch,
            "threads": "2",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if not path.exists():
            raise InputError(f"There is no file or folder '{path}'")
        try:
            with duckdb.connect(f"{scratch}/loaded.duckdb", config=config) as connection:
                yield _folder(connection, path, names) if path.is_dir() else _database(connection, path, names)
        except duckdb.OutOfMemoryException as error:
            raise MachineError(f"'{path}': the machine has too little memory or disk: {_said(error)}") from None
        except duckdb.Error as error:
            raise InputError(f"'{path}' cannot be read: {_said(error)}") from None


def _known() -> tuple[str, ...]:
    return (*cdm.PEOPLE_TABLES, *(table.name for table in cdm.EVENT_TABLES), *cdm.VOCABULARY_TABLES)


def _said(error: Exception) -> str:
    return shortened(str(error).split("\n\n", maxsplit=1)[0], 200)


# --- a DuckDB file --------------------------------------------------------------------------------------------------


def _database(connection: DuckDBPyConnection, path: Path, wanted: tuple[str, ...]) -> Source:
    import duckdb

    try:
        connection.execute(f"attach {_literal(str(path))} as {_ATTACHED} (read_only, type duckdb)")
    except duckdb.Error as error:
        raise InputError(
            f"'{path}' is no DuckDB file: {_said(error)}", hint="Give a folder of OMOP tables, or a DuckDB file."
        ) from None
    # Views of a foreign file must not read other files.
    connection.execute("set enable_external_access = false")
    listed = connection.execute(
        f"select table_schema, table_name from information_schema.tables where table_catalog = '{_ATTACHED}' "
        "and table_schema not in ('information_schema', 'pg_catalog') order by all"
    ).fetchall()
    schemas: dict[str, dict[str, str]] = {}
    for schema, table in listed:
        held = schemas.setdefault(schema, {})
        other = held.setdefault(_plain_name(table), table)
        if other != table and _plain_name(table) in _known():
            raise InputError(
                f"'{path}' has the table '{_plain_name(table)}' twice: {schema}.{other} and {schema}.{table}",
                hint="Keep one of them.",
            )
    with_people = [schema for schema, tables in schemas.items() if "person" in tables]
    if not with_people:
        hint = did_you_mean("person", [table for _, table in listed])
        raise InputError(f"'{path}' has no table 'person'", hint=hint)
    most = max(len(set(schemas[schema]) & set(_known())) for schema in with_people)
    best = [schema for schema in with_people if len(set(schemas[schema]) & set(_known())) == most]
    if len(best) > 1:
        raise InputError(
            f"'{path}' has OMOP tables in several schemas: {', '.join(best)}", hint="Keep one in the file."
        )
    home = best[0]
    places = {table: (home, written) for table, written in schemas[home].items()}
    for schema, held in schemas.items():
        for table in cdm.VOCABULARY_TABLES:
            if table in held:
                places.setdefault(table, (schema, held[table]))
    tables: dict[str, Table] = {}
    others: dict[str, str] = {}
    for table, (schema, written) in places.items():
        relation = f"{_ATTACHED}.{_quoted(schema)}.{_quoted(written)}"
        if table in wanted:
            tables[table] = _table(connection, table, relation, f"{path.name}: {schema}.{written}")
        elif table not in _known():
            others[table] = relation
    return Source(connection, tables, path.name, others, tuple(_elsewhere(connection, path.name, home, schemas)))


def _elsewhere(
    connection: DuckDBPyConnection, name: str, home: str, schemas: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Tables of people and their rows in other schemas than the one that is read, which hold something."""
    for schema, tables in schemas.items():
        for table, written in tables.items():
            if schema == home or table in cdm.VOCABULARY_TABLES or not looks_like_people(table):
                continue
            relation = f"{_ATTACHED}.{_quoted(schema)}.{_quoted(written)}"
            row = connection.execute(f"select count(*) from {relation}").fetchone()
            if row is not None and row[0]:
                yield (
                    f"{name}: {schema}.{written}: {row[0]:,} rows are not read, because the tables are in '{home}'; "
                    f"what they hold is missing"
                )
    for table, written in schemas[home].items():
        if table not in _known() and looks_like_people(table):
            yield f"{name}: {home}.{written}: not read, though its name looks like a table of people"


# --- a folder -------------------------------------------------------------------------------------------------------


def _folder(connection: DuckDBPyConnection, path: Path, wanted: tuple[str, ...]) -> Source:
    found: dict[str, list[Path]] = {}
    for entry in sorted(path.iterdir()):
        name = _table_name(entry)
        if name:
            found.setdefault(name, []).append(entry)
    if "person" in wanted and "person" not in found:
        names = ", ".join(sorted(found)) or "no Parquet, CSV or TSV file"
        raise InputError(f"The folder '{path}' has no table 'person' (it has {shortened(names, 120)})")
    tables: dict[str, Table] = {}
    others: dict[str, str] = {}
    lost = _unseen(path)
    for name, entries in found.items():
        if len(entries) > 1:
            raise InputError(
                f"The table '{name}' is there more than once: {', '.join(entry.name for entry in entries)}",
                hint="Keep one of them, or put the parts into one folder of that name.",
            )
        files = _parts(entries[0], path)
        if name not in wanted:
            if name not in _known() and files[0].name.lower().endswith(".parquet"):
                others[name] = _parquet(files)
            continue
        if files[0].name.lower().endswith(".parquet"):
            tables[name] = _table(connection, name, _parquet(files), entries[0].name)
        else:
            lost += _load(connection, name, files)
            tables[name] = _table(connection, name, _quoted(name), entries[0].name)
    return Source(connection, tables, path.name, others, tuple(lost))


def _table_name(entry: Path) -> str:
    """The table a file or a folder of parts holds; empty for what is none."""
    lower = entry.name.lower()
    if entry.is_dir():
        if _plain_name(lower) not in _known():
            return ""
        return _plain_name(lower) if any(_ending(part) and part.is_file() for part in entry.iterdir()) else ""
    ending = _ending(entry)
    return _plain_name(lower.removesuffix(ending)) if ending and entry.is_file() else ""


_MARKERS = ("_", ".")
"""How the names of files begin that programs leave beside the parts of a table."""
_PAPERS = (".sql", ".md")


def _unseen(folder: Path) -> list[str]:
    """What by its name holds rows of people and is not read: other endings, other numbers, deeper folders."""
    found = []
    for entry in sorted(folder.iterdir()):
        name = _table_name(entry)
        if entry.is_dir() and name in _known():
            found += [
                f"{entry.name}/{part.name}: not read: {'a folder in a folder' if part.is_dir() else 'no table'}; "
                "what it holds is missing"
                for part in sorted(entry.iterdir())
                if (part.is_dir() or not _ending(part)) and not part.name.startswith(_MARKERS)
            ]
        elif name not in _known() and looks_like_people(entry.name) and not entry.name.lower().endswith(_PAPERS):
            found.append(f"{entry.name}: not read, though its name looks like a table of people")
    return found


def looks_like_people(name: str) -> bool:
    """Whether a name begins like a table of people or their rows: `condition_occurrence_1.csv`, `death.csv.zip`."""
    stem = name.lower().partition(".")[0]
    known = (*cdm.PEOPLE_TABLES, *(table.name for table in cdm.EVENT_TABLES), *cdm.OTHER_NAMES)
    return any(stem.startswith(table) and not stem[len(table) :][:1].isalpha() for table in known)


def _ending(file: Path) -> str:
    lower = file.name.lower()
    return next((ending for ending in sorted(_ENDINGS, key=len, reverse=True) if lower.endswith(ending)), "")


def _plain_name(name: str) -> str:
    lower = name.lower()
    return cdm.OTHER_NAMES.get(lower, lower)


def _parts(entry: Path, root: Path) -> list[Path]:
    """The files of a table; a link that leads out of the folder is not followed."""
    inside = entry.iterdir() if entry.is_dir() else iter([entry])
    files = sorted(part for part in inside if _ending(part) and part.is_file())
    if len({_ending(file) == ".parquet" for file in files}) > 1:
        raise InputError(f"'{entry.name}' has Parquet and text files", hint="Keep one kind.")
    for file in files:
        if not file.resolve().is_relative_to(root.resolve()):
            raise InputError(f"'{file}' is a link to a file outside the folder", hint="Copy the file into the folder.")
    return files


def _parquet(files: list[Path]) -> str:
    listed = ", ".join(_literal(_unglobbed(file)) for file in files)
    return f"read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"


def _load(connection: DuckDBPyConnection, name: str, files: list[Path]) -> list[str]:
    """Loads text files into a table of texts; what is no row of it is told."""
    import duckdb

    made = False
    problems: list[str] = []
    for number, file in enumerate(files):
        first, cut = _ends(file)
        relation = _csv(name, file, number, first)
        target = _quoted(name)
        statement = f"insert into {target} by name {relation}" if made else f"create table {target} as {relation}"
        try:
            connection.execute(statement)
        except duckdb.Error as error:
            raise InputError(
                f"'{file.name}' is no table: {_said(error)}",
                hint="Save it as UTF-8 CSV, all lines with the same line ends.",
            ) from None
        made = True
        told = connection.execute(
            f"select line, any_value(error_message) from rejected_{number} group by line order by line limit 20"
        ).fetchall()
        problems += [f"{file.name}:{line}: no row of the table: {shortened(str(said), 100)}" for line, said in told]
        row = connection.execute(f"select count(distinct line) from rejected_{number}").fetchone()
        if row is not None and row[0] > len(told):
            problems.append(f"{file.name}: {row[0] - len(told):,} more lines are no rows of the table")
        if cut:
            problems.append(
                f"{file.name}: the last line has no line end, so the file may be cut short; export it again"
            )
        connection.execute(f"drop table rejected_{number}; drop table scans_{number}")
    return problems


def _csv(name: str, file: Path, number: int, first: str) -> str:
    separator = next((sign for sign in ("\t", ";", "|") if sign in first and "," not in first), ",")
    separator = "\t" if "\t" in first else separator
    quote = '"' if separator != "\t" or '"' in first else ""
    cells = [cell.strip().strip('"').strip() for cell in first.split(separator)]
    # A separator at the end of each line makes a column more, which has no name.
    cells = [cell or f"no name {place}" for place, cell in enumerate(cells, 1)]
    lowered = [cell.casefold() for cell in cells]
    has_header = bool(set(lowered) & set(cdm.first_columns(name)))
    if has_header:
        twice = next((cell for cell in lowered if lowered.count(cell) > 1), None)
        if twice is not None:
            raise InputError(f"{file.name}:1: the column '{shortened(twice)}' is given twice")
        names = cells
    else:
        fitting = [layout for layout in cdm.layouts(name) if len(layout) == len(cells)]
        if not fitting:
            counts = " or ".join(str(len(layout)) for layout in cdm.layouts(name))
            raise InputError(
                f"{file.name}:1: no line of column names, and {len(cells)} columns where the model has {counts}",
                hint="Add a first line with the names of the columns.",
            )
        names = list(fitting[0])
    columns = ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in names)
    return (
        f"select * from read_csv({_literal(_unglobbed(file))}, auto_detect=false, columns={{{columns}}}, "
        f"header={str(has_header).lower()}, delim={_literal(separator)}, quote={_literal(quote)}, "
        f"escape={_literal(quote)}, hive_partitioning=false, nullstr='', max_line_size={MAX_LINE}, null_padding=false, parallel=false, "
        f"ignore_errors=true, store_rejects=true, rejects_table='rejected_{number}', rejects_scan='scans_{number}', "
        "rejects_limit=0)"
    )


def _ends(file: Path) -> tuple[str, bool]:
    """The first line, and whether the last has no end: 120 may have been cut to 1."""
    try:
        with opened(file) as stream:
            line = last = stream.line(MAX_LINE)
            while block := stream.block(_BLOCK):
                last = block
    except PackedError as error:
        raise (MachineError if error.of_machine else InputError)(f"{file}: {error.reason}") from None
    try:
        first = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError(f"'{file.name}' is not UTF-8 text", hint="Save it as UTF-8.") from None
    if not first.strip():
        raise InputError(f"'{file.name}' is empty", hint="Take it out of the folder, or export it again.")
    return first, not last.endswith((b"\n", b"\r"))


def _table(connection: DuckDBPyConnection, name: str, relation: str, file: str) -> Table:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    columns = {str(row[0]).strip().casefold(): (str(row[0]), str(row[1])) for row in described}
    missing = [column for column in cdm.needed(name) if column not in columns]
    dated = [column for column in missing if column.endswith("_date")]
    missing = [column for column in missing if not (column in dated and f"{column}time" in columns)]
    if missing:
        hint = did_you_mean(missing[0], columns)
        raise InputError(f"'{file}' has no column {', '.join(missing)}", hint=hint)
    return Table(name, relation, columns, file)


def _unglobbed(file: Path) -> str:
    """A path in which no sign stands for other files."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
