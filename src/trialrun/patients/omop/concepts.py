"""The concept table of a folder: only the concepts its rows use are held."""

from __future__ import annotations

from trialrun.patients.omop import columns as c
from trialrun.patients.omop.cdm import EVENT_TABLES
from trialrun.patients.omop.codes import OmopConcept, cleaned
from trialrun.patients.omop.queries import concept_columns
from trialrun.patients.omop.source import Source


def concepts_of(source: Source, person_id: int | None = None) -> tuple[dict[int, OmopConcept], list[str]]:
    """The concepts that the event rows of everybody, or of one person, name; empty without a concept table.

    Also told in words: ids that the table gives to two different concepts. Nobody knows which is right, so they are left out.
    """
    table = source.tables.get("concept")
    if table is None:
        return {}, []
    used = []
    for spec in EVENT_TABLES:
        events = source.tables.get(spec.name)
        for column in concept_columns(spec) if events is not None else ():
            if events is not None and column in events.columns:
                where = "" if person_id is None else f" where {c.whole(events, 'person_id')} = {person_id}"
                used.append(f"select distinct {c.whole(events, column)} as used from {events.relation}{where}")
    if not used:
        return {}, []
    key = c.whole(table, "concept_id")
    rows = source.connection.execute(
        f"select {key}, {c.text(table, 'concept_name')}, {c.text(table, 'vocabulary_id')}, "
        f"{c.text(table, 'concept_code')}, {c.text(table, 'domain_id')} from {table.relation} "
        f"where {key} <> 0 and {key} in ({' union '.join(used)})"
    ).fetchall()
    found: dict[int, OmopConcept] = {}
    twice: set[int] = set()
    for concept, name, vocabulary, code, domain in rows:
        read = OmopConcept(cleaned(name or ""), vocabulary or "", code or "", domain or "")
        if found.setdefault(concept, read) != read:
            twice.add(concept)
    for concept in twice:
        del found[concept]
    told = [
        f"{table.file}: the id {concept} is given to different concepts; it is left open" for concept in sorted(twice)
    ]
    return found, told
