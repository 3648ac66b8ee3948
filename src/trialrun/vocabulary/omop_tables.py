"""A user's own OMOP vocabulary: terms that name concept ids take in all their descendants.

Athena gives CONCEPT.csv and CONCEPT_ANCESTOR.csv, separated by tabs and without quotes; they hold millions of rows, so
they are read once from beginning to end and only the rows asked for are kept. Nothing of them ships with trialrun.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from trialrun.errors import InputError, shortened
from trialrun.vocabulary.code_systems import code_system
from trialrun.vocabulary.concepts import Concept
from trialrun.vocabulary.terms import Vocabulary

_ANCESTOR_COLUMNS = ("ancestor_concept_id", "descendant_concept_id")
_CONCEPT_COLUMNS = ("concept_id", "vocabulary_id", "concept_code")


class _AthenaTable(csv.excel_tab):
    quoting = csv.QUOTE_NONE  # names of concepts hold quotes of their own


def with_omop_tables(base: Vocabulary, folder: Path) -> Vocabulary:
    """The vocabulary with a layer in which each OMOP concept id of a term means its descendants too.

    The descendants' codes in their own vocabularies (SNOMED, RxNorm, …) are added with them, so that records that have
    only these are read as well.

    Raises:
        InputError: a table is missing or is not one.
    """
    ids = {code for codes in omop_ids(base).values() for code in codes}
    descendants = _descendants(_table(folder, "CONCEPT_ANCESTOR"), ids)
    kept = {code for found in descendants.values() for code in found} | ids
    codes = _codes(_table(folder, "CONCEPT"), kept)
    return with_descendants(base, descendants, codes, f"OMOP tables in {folder.name}")


def omop_ids(base: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The OMOP concept ids of each term that has any."""
    return {concept.name: concept.codes["OMOP"] for concept in base.concepts.values() if concept.codes.get("OMOP")}


def with_descendants(
    base: Vocabulary, descendants: Mapping[str, set[str]], codes: Mapping[str, tuple[str, str]], layer: str
) -> Vocabulary:
    """The vocabulary with a layer in which each term also has the descendants of its concept ids.

    Args:
        base: The vocabulary below.
        descendants: Concept id → the ids below it.
        codes: Concept id → system and code in its own vocabulary.
        layer: What to call the layer.
    """
    changed = [_widened(base.get(name), found, descendants, codes) for name, found in omop_ids(base).items()]
    return base.with_layer(changed, layer)


def _widened(
    concept: Concept,
    ids: Iterable[str],
    descendants: Mapping[str, set[str]],
    codes: Mapping[str, tuple[str, str]],
) -> Concept:
    every = sorted({found for known in ids for found in {known, *descendants.get(known, ())}}, key=int)
    joined = {system: dict.fromkeys(known) for system, known in concept.codes.items()}
    joined["OMOP"] = dict.fromkeys(every)
    for known in every:
        if known in codes:
            system, code = codes[known]
            joined.setdefault(system, {})[code] = None
    return replace(concept, codes={system: tuple(found) for system, found in joined.items()})


def _descendants(path: Path, ids: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for ancestor, descendant in _rows(path, _ANCESTOR_COLUMNS):
        if ancestor in ids:
            found.setdefault(ancestor, set()).add(descendant)
    return found


def _codes(path: Path, ids: set[str]) -> dict[str, tuple[str, str]]:
    rows = _rows(path, _CONCEPT_COLUMNS)
    return {known: (code_system(vocabulary), code) for known, vocabulary, code in rows if known in ids and code}


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The named columns of a table with a header, whatever the case of its names, separated by tabs or commas."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            tabs = "\t" in first
            header = [name.strip().strip('"').casefold() for name in first.rstrip("\r\n").split("\t" if tabs else ",")]
            places = [_place(header, column, path) for column in columns]
            dialect = _AthenaTable if tabs else csv.excel
            reader = csv.reader(file, dialect)
            for row in reader:
                if len(row) <= max(places):
                    raise InputError(
                        f"{path.name}:{reader.line_num + 1}: the row has {len(row)} of {len(header)} columns"
                    )
                if not row[places[0]].strip().isdigit():
                    message = f"{path.name}:{reader.line_num + 1}: '{shortened(row[places[0]])}' is no concept id"
                    raise InputError(message)
                yield tuple(row[place].strip() for place in places)
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"'{path.name}' is not UTF-8 text") from None
    except csv.Error as error:
        raise InputError(f"'{path.name}' is no table: {error}") from None


def _place(header: list[str], column: str, path: Path) -> int:
    if column not in header:
        hint = "The first line must name the columns, as in the files Athena gives."
        raise InputError(f"'{path.name}' has no column {column}", hint=hint)
    return header.index(column)


def _table(folder: Path, name: str) -> Path:
    for written in (f"{name}.csv", f"{name}.tsv", f"{name.lower()}.csv", f"{name.lower()}.tsv"):
        if (folder / written).is_file():
            return folder / written
    raise InputError(f"there is no {name}.csv in '{folder}'", hint="Download the vocabulary from Athena and unpack it.")
