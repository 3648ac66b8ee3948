"""Small OMOP folders for tests: tables from lists of rows, as Parquet, CSV, TSV or in a DuckDB file."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb

from trialrun.errors import InputError
from trialrun.patients.omop.read import read_omop
from trialrun.patients.person import Event, Person
from trialrun.patients.report import ReadReport

Rows = Sequence[Mapping[str, Any]]
NO_CONCEPTS = "no concept table: a concept is known only where a term names its id, or by its source code"
PERSON: dict[str, Any] = {
    "person_id": 1,
    "gender_concept_id": 8532,
    "year_of_birth": 1959,
    "month_of_birth": 5,
    "day_of_birth": 14,
    "person_source_value": "MRN-1",
}
CONCEPTS: Rows = [
    {"concept_id": key, "concept_name": name, "domain_id": domain, "vocabulary_id": system, "concept_code": code}
    for key, name, domain, system, code in (
        (80809, "Rheumatoid arthritis", "Condition", "SNOMED", "69896004"),
        (4180790, "Malignant tumor of colon", "Condition", "SNOMED", "363406005"),
        (45581118, "Giant cell arteritis with polymyalgia rheumatica", "Condition", "ICD10CM", "M31.5"),
        (
            3006923,
            "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
            "Measurement",
            "LOINC",
            "1742-6",
        ),
        (1551099, "prednisone", "Drug", "RxNorm", "8640"),
        (19080182, "prednisone 5 MG Oral Tablet", "Drug", "RxNorm", "312617"),
        (40213154, "Influenza, seasonal, injectable, preservative free", "Drug", "CVX", "140"),
        (8840, "milligram per deciliter", "Unit", "UCUM", "mg/dL"),
        (45884084, "Positive", "Meas Value", "LOINC", "LA6576-8"),
        (44831230, "Benign essential hypertension", "Condition", "ICD9CM", "401.1"),
        (4214956, "History of clinical finding in subject", "Observation", "SNOMED", "417662000"),
    )
]


def parquet(folder: Path, upper: bool = False, **tables: Rows) -> Path:
    """A folder of Parquet files; columns as typed as the values are."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            fill(connection, f'"{name}"', rows, upper=upper)
            file = str(folder / f"{name.upper() if upper else name}.parquet").replace("'", "''")
            connection.execute(f"copy \"{name}\" to '{file}' (format parquet)")
    return folder


def database(path: Path, schema: str = "main", **tables: Rows) -> Path:
    """A DuckDB file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema if not exists {schema}; use {schema}" if schema != "main" else "select 1")
        for name, rows in tables.items():
            fill(connection, name, rows)
    return path


def texts(
    folder: Path,
    *,
    separator: str = ",",
    header: bool = True,
    ending: str = ".csv",
    upper: bool = False,
    **tables: Rows,
) -> Path:
    """A folder of CSV or TSV files; values as Python prints them, what is None left empty."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        opener = gzip.open if ending.endswith(".gz") else open
        with opener(folder / f"{name.upper() if upper else name}{ending}", "wt", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=separator)
            if header:
                writer.writerow([column.upper() if upper else column for column in columns])
            writer.writerows(["" if row.get(column) is None else row.get(column) for column in columns] for row in rows)
    return folder


def fill(connection: duckdb.DuckDBPyConnection, target: str, rows: Rows, *, upper: bool = False) -> None:
    """Makes a table of rows."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    types = [_type(next((row[column] for row in rows if row.get(column) is not None), "")) for column in columns]
    named = ", ".join(
        f'"{column.upper() if upper else column}" {kind}' for column, kind in zip(columns, types, strict=True)
    )
    connection.execute(f"create table {target} ({named})")
    marks = ", ".join("?" * len(columns))
    connection.executemany(
        f"insert into {target} values ({marks})", [[row.get(name) for name in columns] for row in rows]
    )


def _type(value: object) -> str:
    kinds = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", datetime: "TIMESTAMP", date: "DATE", time: "TIME"}
    return kinds.get(type(value), "VARCHAR")


def read(path: Path, on: date | None = None) -> tuple[list[Person], ReadReport, list[InputError]]:
    """Everybody, the account, and the errors of those who could not be read."""
    reports: list[ReadReport] = []
    errors: list[InputError] = []
    people = list(read_omop(path, on=on, on_report=reports.append, on_error=errors.append))
    (report,) = reports
    return people, report, errors


def told(report: ReadReport) -> tuple[str, ...]:
    """What the account says beside that there is no concept table, as most of these folders have none."""
    return tuple(line for line in report.problems if line != NO_CONCEPTS)


def lost(report: ReadReport) -> tuple[str, ...]:
    """What was lost beside tables that these folders do not have."""
    return tuple(line for line in report.lost if "there is no such table" not in line)


def only(path: Path) -> Person:
    """The one person of a folder."""
    (person,) = read(path)[0]
    return person


def events(folder: Path, **tables: Rows) -> tuple[Event, ...]:
    """The rows of one person whose person_id is filled in."""
    whole: dict[str, Any] = {
        name: [{"person_id": 1, **row} for row in rows] for name, rows in tables.items() if name != "concept"
    }
    concepts: dict[str, Any] = {"concept": tables["concept"]} if "concept" in tables else {}
    return only(parquet(folder, person=[PERSON], **whole, **concepts)).events
