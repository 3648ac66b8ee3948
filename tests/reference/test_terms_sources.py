"""The shipped terms against ICD-10-CM, and against the codes and words of the shared records."""

from __future__ import annotations

import gzip
import json
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import pytest

from trialrun.vocabulary.concepts import Domain, Reading
from trialrun.vocabulary.shipped_terms import FILES, data_file, shipped

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the library reads its data the old way
    import simple_icd_10_cm

ICD10CM = {code.replace(".", "") for code in simple_icd_10_cm.get_all_codes()}
IN_ORDER = sorted(code for code in ICD10CM if "-" not in code)
CONDITIONS = [concept for concept in shipped().concepts.values() if "ICD10CM" in concept.codes]

# Rows of the shared bulk export that name a term, and the least share that must: as measured when the terms were made.
SHARES = {
    ("MedicationRequest", Domain.DRUG, "medicationCodeableConcept"): 1.0,
    ("Immunization", Domain.IMMUNISATION, "vaccineCode"): 1.0,
    ("Condition", Domain.CONDITION, "code"): 0.89,
    ("AllergyIntolerance", Domain.ALLERGY, "code"): 1.0,
}


def test_icd_10_cm_codes_exist() -> None:
    codes = {code.removesuffix("*") for concept in CONDITIONS for code in concept.codes["ICD10CM"]} - {"C"}
    assert codes - ICD10CM == set()


def test_a_beginning_takes_in_exactly_what_icd_10_cm_puts_below_it() -> None:
    for code in sorted({code for concept in CONDITIONS for code in concept.codes["ICD10CM"]} - {"C*"}):
        begin = code.removesuffix("*")
        below = {part.replace(".", "") for part in simple_icd_10_cm.get_descendants(begin)}
        assert _below_by_letters(begin) == below, code
        assert code.endswith("*") or not below, f"{code} has codes below it"


def _below_by_letters(begin: str) -> set[str]:
    first, last = bisect_left(IN_ORDER, begin), bisect_left(IN_ORDER, begin + "~")
    return {known for known in IN_ORDER[first:last] if known != begin}


def test_the_malignant_neoplasms_are_the_codes_that_begin_with_c() -> None:
    chapter = simple_icd_10_cm.get_descendants("2")
    blocks = [code for code in chapter if code.startswith("C") and "-" not in code]
    assert len(blocks) > 1000
    assert all("malignancy" in shipped().read(Domain.CONDITION, (("ICD10CM", code),), "").names for code in blocks)
    benign = [code for code in chapter if code.startswith("D") and "-" not in code]
    found = [
        code for code in benign if "malignancy" in shipped().read(Domain.CONDITION, (("ICD10CM", code),), "").names
    ]
    assert found == []


def test_every_fact_has_a_source_with_a_date_and_a_licence() -> None:
    for name in FILES:
        data = data_file(name)
        assert data["source"] in data["sources"]
        for source in data["sources"].values():
            assert set(source) == {"name", "date", "licence"}
    assert all(concept.source for concept in shipped().concepts.values())


@pytest.mark.parametrize("kind", list(SHARES), ids=lambda kind: kind[0])
def test_rows_of_the_shared_records_are_read(kind: tuple[str, Domain, str], shared_data: Path) -> None:
    resource, domain, part = kind
    rows = list(_codeable(shared_data, resource, part))
    read = [shipped().read(domain, *row) for row in rows]
    assert all(reading.understood for reading in read)
    assert sum(bool(reading.names) for reading in read) / len(read) >= SHARES[kind]


def test_every_vaccine_of_the_shared_records_is_live_or_not(shared_data: Path) -> None:
    for codings, text in set(_codeable(shared_data, "Immunization", "vaccineCode")):
        by_code, by_words = (shipped().read(Domain.IMMUNISATION, *row).names for row in ((codings, ""), ((), text)))
        assert len({"live vaccine", "non-live vaccine"} & by_code) == 1, text
        assert {"live vaccine", "non-live vaccine"} & by_words <= by_code, text


def test_codes_and_words_of_one_row_agree(shared_data: Path) -> None:
    """A code that names another drug or disease than the words beside it is a wrong code."""
    for resource, domain, part in SHARES:
        for codings, text in set(_codeable(shared_data, resource, part)):
            assert _agree(shipped().read(domain, codings, ""), shipped().read(domain, (), text)), text


@pytest.mark.parametrize(("pack", "least"), [("smart615_omop", 0.99), ("tietai170_omop", 0.82), ("gibleed", 0.99)])
def test_drug_rows_of_the_shared_omop_packs_are_read(pack: str, least: float, shared_data: Path) -> None:
    import duckdb

    folder = shared_data / "patients" / pack
    rows = duckdb.execute(
        "select k.vocabulary_id, k.concept_code, k.concept_name, count(*) from read_parquet($1) d"
        " left join read_parquet($2) k on k.concept_id = d.drug_concept_id group by all",
        [str(folder / "drug_exposure.parquet"), str(folder / "concept.parquet")],
    ).fetchall()
    named = [
        count for system, code, name, count in rows if shipped().read(Domain.DRUG, ((system, code),), name or "").names
    ]
    assert sum(named) / sum(row[3] for row in rows) >= least


@pytest.mark.parametrize("pack", ["smart615_omop", "synthea27nj", "gibleed"])
def test_confirmed_ids_are_those_of_the_shared_concept_tables(pack: str, shared_data: Path) -> None:
    """Where a concept table has an id of ours, its name reads as the same term."""
    import duckdb

    table = shared_data / "patients" / pack / "concept.parquet"
    rows = duckdb.execute(
        "select vocabulary_id, concept_code, concept_name, cast(concept_id as varchar) from read_parquet($1)"
        " where vocabulary_id in ('RxNorm', 'CVX')",
        [str(table)],
    ).fetchall()
    for system, code, name, omop in rows:
        for coding in ((system, code), ("OMOP", omop)):
            by_code, by_words = (shipped().read(Domain.DRUG, *row) for row in (((coding,), ""), ((), name)))
            assert by_words.names or not by_code.names, (coding, name)
            assert _agree(by_code, by_words), (coding, name)


def _agree(by_code: Reading, by_words: Reading) -> bool:
    """Whether one says the same as the other or something broader; where one says nothing there is nothing to compare."""
    if not by_code.names or not by_words.names:
        return True
    return (
        bool(set(by_code.leaves) & by_words.names) or by_words.names <= by_code.names or by_code.names <= by_words.names
    )


def _codeable(shared: Path, resource: str, part: str) -> Iterator[tuple[tuple[tuple[str, str], ...], str]]:
    for path in sorted((shared / "patients" / "fhir" / "bulk_export").glob(f"{resource}.*")):
        text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
        for line in text.splitlines():
            concept = json.loads(line)[part]
            yield tuple((coding["system"], coding["code"]) for coding in concept["coding"]), concept["text"]
