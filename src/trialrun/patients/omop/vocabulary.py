"""The vocabulary tables that come with the people: concept ids of terms take in their descendants, without an option."""

from __future__ import annotations

from pathlib import Path

from trialrun.patients.omop import columns as c
from trialrun.patients.omop.cdm import VOCABULARY_TABLES
from trialrun.patients.omop.source import opened_source
from trialrun.vocabulary.code_systems import code_system
from trialrun.vocabulary.omop_tables import omop_ids, with_descendants
from trialrun.vocabulary.terms import Vocabulary


def with_own_tables(base: Vocabulary, path: Path) -> Vocabulary:
    """The vocabulary with a layer from the concept and concept_ancestor tables beside the people.

    Each OMOP concept id of a term then means its descendants too, and each of these also by its code in its own
    vocabulary. Without a concept table the vocabulary stays as it is.

    Args:
        base: The vocabulary of the study.
        path: A folder of OMOP tables or a DuckDB file.

    Raises:
        InputError, MachineError: the tables cannot be read.
    """
    ids = sorted(int(code) for codes in omop_ids(base).values() for code in codes if code.isdigit())
    with opened_source(path, wanted=VOCABULARY_TABLES) as source:
        concepts, ancestors = source.tables.get("concept"), source.tables.get("concept_ancestor")
        if concepts is None or not ids:
            return base
        source.connection.execute("create temp table wanted_ids (id bigint)")
        source.connection.execute("insert into wanted_ids select unnest($1)", [ids])
        below: dict[str, set[str]] = {}
        if ancestors is not None:
            above = c.whole(ancestors, "ancestor_concept_id")
            rows = source.connection.execute(
                f"select {above}, {c.whole(ancestors, 'descendant_concept_id')} as below from {ancestors.relation} "
                f"where {above} in (select id from wanted_ids) and below is not null"
            ).fetchall()
            for ancestor, descendant in rows:
                below.setdefault(str(ancestor), set()).add(str(descendant))
        every = sorted({*ids, *(int(found) for group in below.values() for found in group)})
        source.connection.execute("insert into wanted_ids select unnest($1)", [every])
        key = c.whole(concepts, "concept_id")
        rows = source.connection.execute(
            f"select {key}, {c.text(concepts, 'vocabulary_id')} as system, {c.text(concepts, 'concept_code')} as code "
            f"from {concepts.relation} where {key} in (select id from wanted_ids) "
            "and system is not null and code is not null"
        ).fetchall()
    said: dict[str, set[tuple[str, str]]] = {}
    for concept, system, code in rows:
        said.setdefault(str(concept), set()).add((code_system(system), code))
    # An id that stands for two different codes stands for neither.
    codes = {concept: one.pop() for concept, one in said.items() if len(one) == 1}
    return with_descendants(base, below, codes, f"OMOP tables of {path.name}")
