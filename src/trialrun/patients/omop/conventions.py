"""What the tables as a whole show: values that a program filled in, and how source codes are written.

An end of every treatment exactly 29 days after its start, or everybody born on the first of a month, is a convention of
those who made the tables, and says nothing of any person. Such values are left empty, and the account says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialrun.patients.omop import columns as c
from trialrun.patients.omop.cdm import EVENT_TABLES, EventTable
from trialrun.patients.omop.source import Source, Table
from trialrun.vocabulary.code_systems import KNOWN, code_system
from trialrun.vocabulary.concepts import Domain

FEWEST = 50
"""Rows before a regularity counts as a convention."""
_SAMPLE = 100_000
_ALIKE = 0.95


@dataclass(frozen=True, slots=True)
class Conventions:
    """What was seen in the tables.

    Args:
        drug_days: Days from start to end where all drug rows have the same; None where they differ.
        drug_ends_told: Whether the drug table says elsewhere which ends are known (`verbatim_end_date`, `days_supply`).
        birth: How much of a birth date is a fact: `day`, `month` or `year`.
        systems: Domain → systems in which the source codes of its table are written.
        told: The same as sentences.
    """

    drug_days: int | None = None
    drug_ends_told: bool = False
    birth: str = "day"
    systems: Mapping[Domain, tuple[str, ...]] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def conventions_of(source: Source) -> Conventions:
    """Looks at whole tables; the same for one person as for all of them."""
    told: list[str] = []
    days, ends_told = None, False
    drugs = source.tables.get("drug_exposure")
    if drugs is not None:
        days, ends_told = _drug_ends(source, drugs)
        if days is not None:
            told.append(
                f"{drugs.file}: every end lies {days} days after its start; that is a convention, so ends are left empty"
            )
    birth = _birth_precision(source, source.tables["person"])
    if birth != "day":
        told.append(f"person: everybody is born on the first of a {birth}; births are kept to the {birth} only")
    systems = {}
    if "concept" in source.tables:
        for spec in EVENT_TABLES:
            if spec.name in source.tables:
                systems[spec.domain] = _systems(source, spec, source.tables[spec.name])
    return Conventions(days, ends_told, birth, systems, tuple(told))


def _one(source: Source, query: str) -> tuple[int | None, ...]:
    row = source.connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _drug_ends(source: Source, table: Table) -> tuple[int | None, bool]:
    start, end = c.day(table, "drug_exposure_start_date"), c.day(table, "drug_exposure_end_date")
    told = f"{c.day(table, 'verbatim_end_date')} is not null or {c.number(table, 'days_supply')} > 0"
    count, least, most, known = _one(
        source,
        f"select count({end} - {start}), min({end} - {start}), max({end} - {start}), count(*) filter ({told}) "
        f"from {table.relation}",
    )
    same = count is not None and count >= FEWEST and least == most and not known
    return (least if same else None), bool(known)


def _birth_precision(source: Source, table: Table) -> str:
    month, day = c.whole(table, "month_of_birth"), c.whole(table, "day_of_birth")
    count, months, days = _one(
        source, f"select count({day}), max({month}), max({day}) from {table.relation} where {day} is not null"
    )
    if count is None or count < FEWEST or days != 1:
        return "day"
    return "year" if months == 1 else "month"


def _systems(source: Source, spec: EventTable, table: Table) -> tuple[str, ...]:
    """The systems in which the source codes of a table repeat the codes of their own standard concepts."""
    concepts = source.tables["concept"]
    rows = source.connection.execute(
        f"with sampled as (select {c.whole(table, spec.what + '_concept_id')} as concept, "
        f"{c.text(table, spec.what + '_source_value')} as value from {table.relation} limit {_SAMPLE}) "
        f"select {c.text(concepts, 'vocabulary_id')} as system, "
        f"count(*) filter (value = {c.text(concepts, 'concept_code')}), count(*) from sampled join {concepts.relation} "
        f"on concept = {c.whole(concepts, 'concept_id')} where concept <> 0 and value is not null group by system"
    ).fetchall()
    total, alike = sum(row[2] for row in rows), sum(row[1] for row in rows)
    if total < FEWEST or alike < _ALIKE * total:
        return ()
    names = {code_system(str(system)) for system, same, _ in rows if same}
    return tuple(sorted(name for name in names if name in KNOWN))
