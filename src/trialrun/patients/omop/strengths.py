"""Doses from the strength table: only where a product is one drug in solid units, and a supply was used up evenly.

Quantity by days of supply is an average. It is taken for what somebody took a day only where it is a whole or half
number of units: forty-six tablets in thirty days are a course that changes, and say nothing of any day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trialrun.patients.omop import columns as c
from trialrun.patients.omop.source import Source
from trialrun.patients.omop.values import UNITS

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Strength:
    """How much of one ingredient a unit of a product holds."""

    amount: float
    unit: str


def strengths_of(source: Source) -> Mapping[int, Strength]:
    """The strengths of products with exactly one ingredient whose amount is stated in a unit we know."""
    table = source.tables.get("drug_strength")
    drugs = source.tables.get("drug_exposure")
    if table is None or drugs is None:
        return {}
    rows = source.connection.execute(
        f"select {c.whole(table, 'drug_concept_id')} as drug, any_value({c.number(table, 'amount_value')}), "
        f"any_value({c.whole(table, 'amount_unit_concept_id')}) from {table.relation} "
        f"where {c.text(table, 'invalid_reason')} is null "
        f"and drug in (select distinct {c.whole(drugs, 'drug_concept_id')} from {drugs.relation}) "
        f"group by drug having count(*) = 1"
    ).fetchall()
    return {
        drug: Strength(amount, UNITS[unit]) for drug, amount, unit in rows if amount and amount > 0 and unit in UNITS
    }


def per_day(quantity: float | None, days: float | None) -> float | None:
    """Units a day; None where they are not stated, or cannot have been the same each day."""
    if quantity is None or days is None or quantity <= 0 or days < 1:
        return None
    daily = quantity / days
    return daily if abs(daily * 2 - round(daily * 2)) < _SLACK else None
