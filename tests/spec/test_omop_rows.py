"""What a row of an OMOP table becomes: its two codes, its words, its value, its dose and its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.omop_folders import CONCEPTS, PERSON, events, parquet, read, told
from trialrun.patients.omop.codes import is_loinc, is_snomed, is_words
from trialrun.patients.omop.read import read_omop
from trialrun.patients.omop.vocabulary import with_own_tables
from trialrun.patients.person import Event, Status
from trialrun.vocabulary.concepts import Concept, Domain
from trialrun.vocabulary.shipped_terms import shipped
from trialrun.vocabulary.terms import Vocabulary

DAY = date(2020, 3, 4)


def condition(folder: Path, *, vocabulary: bool = True, **columns: Any) -> Event:
    row = {"condition_occurrence_id": 1, "condition_concept_id": 0, "condition_start_date": DAY, **columns}
    tables = {"concept": CONCEPTS} if vocabulary else {}
    return events(folder, condition_occurrence=[row], **tables)[0]


def measurement(folder: Path, *, vocabulary: bool = True, **columns: Any) -> Event:
    row = {"measurement_id": 1, "measurement_concept_id": 3006923, "measurement_date": DAY, **columns}
    tables = {"concept": CONCEPTS} if vocabulary else {}
    return events(folder, measurement=[row], **tables)[0]


def drug(folder: Path, strengths: list[dict[str, Any]] | None = None, **columns: Any) -> Event:
    row = {"drug_exposure_id": 1, "drug_concept_id": 19080182, "drug_exposure_start_date": DAY, **columns}
    tables: dict[str, Any] = {"concept": CONCEPTS, "drug_exposure": [{"person_id": 1, **row}], "person": [PERSON]}
    if strengths is not None:
        tables["drug_strength"] = strengths
    return read(parquet(folder, **tables))[0][0].events[0]


# --- codes ----------------------------------------------------------------------------------------------------------

M315, HYPERTENSION = 45581118, 44831230


@pytest.mark.parametrize(
    ("concept", "value", "source_concept", "source", "standard", "words"),
    [
        # The source has the concept's own code: the other code is its id.
        (80809, "69896004", 0, ("SNOMED", "69896004"), ("OMOP", "80809"), "Rheumatoid arthritis"),
        # The source has another code: the concept's own goes beside it.
        (80809, "714.0", HYPERTENSION, ("ICD9CM", "714.0"), ("SNOMED", "69896004"), "Benign essential hypertension"),
        (80809, None, 0, ("", ""), ("SNOMED", "69896004"), "Rheumatoid arthritis"),
        # A concept the folder does not explain is kept by its id.
        (12345, "x1", 0, ("", "x1"), ("OMOP", "12345"), ""),
        # No standard concept: the source alone.
        (0, "M31.5", M315, ("ICD10CM", "M31.5"), ("", ""), "Giant cell arteritis with polymyalgia rheumatica"),
        (None, "M31.5", None, ("ICD10", "M31.5"), ("", ""), ""),
        (0, "x1", 999, ("", "x1"), ("OMOP", "999"), ""),
        # Words are words, not codes.
        (0, "Polymyalgia  rheumatica", 0, ("", ""), ("", ""), "Polymyalgia rheumatica"),
        (80809, "RA, seropositive", 0, ("", ""), ("SNOMED", "69896004"), "RA, seropositive"),
        (0, "local17", 0, ("", "local17"), ("", ""), ""),
    ],
)  # fmt: skip
def test_both_codes_and_the_words(
    tmp_path: Path, concept: int | None, value: str | None, source_concept: int | None, source: tuple[str, str],
    standard: tuple[str, str], words: str,
) -> None:  # fmt: skip
    event = condition(
        tmp_path,
        condition_concept_id=concept,
        condition_source_value=value,
        condition_source_concept_id=source_concept,
    )
    found = ((event.source_system, event.source_code), (event.std_system, event.std_code), event.source_text)
    assert found == (source, standard, words)


def test_without_a_concept_table_the_id_is_the_standard_code(tmp_path: Path) -> None:
    event = condition(tmp_path, vocabulary=False, condition_concept_id=80809, condition_source_value="714.0")
    assert (event.std_system, event.std_code, event.source_text, event.map_origin) == (
        "OMOP",
        "80809",
        "",
        "OMOP tables",
    )


@pytest.mark.parametrize(
    ("concept", "value", "vocabulary", "term"),
    [
        (80809, "714.0", True, "rheumatoid arthritis"),  # by the concept's own code
        (0, "69896004", False, "rheumatoid arthritis"),  # by the source code, which shows its system itself
        (0, "M35.3", False, "polymyalgia rheumatica"),
        (0, "Polymyalgia rheumatica", False, "polymyalgia rheumatica"),
    ],
)
def test_a_row_is_found_by_the_terms_by_id_by_code_and_by_words(
    tmp_path: Path, concept: int, value: str, vocabulary: bool, term: str
) -> None:
    event = condition(tmp_path, vocabulary=vocabulary, condition_concept_id=concept, condition_source_value=value)
    codings = ((event.std_system, event.std_code), (event.source_system, event.source_code))
    reading = shipped().read(event.domain, tuple(pair for pair in codings if pair[1]), event.source_text)
    assert term in reading.names


def test_a_drug_is_found_by_its_concept_id_alone(tmp_path: Path) -> None:
    row = {"drug_exposure_id": 1, "drug_concept_id": 1551099, "drug_exposure_start_date": DAY}
    (event,) = events(tmp_path, drug_exposure=[row])
    assert (event.std_system, event.std_code, event.source_text) == ("OMOP", "1551099", "")
    assert "prednisone" in shipped().read(event.domain, ((event.std_system, event.std_code),), "").names


def test_a_bare_code_nobody_explains_is_not_understood(tmp_path: Path) -> None:
    event = condition(tmp_path, vocabulary=False, condition_concept_id=123, condition_source_value="x1")
    codings = ((event.std_system, event.std_code), (event.source_system, event.source_code))
    assert not shipped().read(event.domain, codings, event.source_text).understood


def test_source_codes_are_read_in_the_system_the_rest_of_their_table_is_written_in(tmp_path: Path) -> None:
    known = {"drug_concept_id": 1551099, "drug_exposure_start_date": DAY, "drug_source_value": "8640"}
    rows = [{"drug_exposure_id": number, **known} for number in range(60)]
    rows.append({"drug_exposure_id": 99, **known, "drug_concept_id": 0, "drug_source_value": "6851"})
    found = events(tmp_path / "many", drug_exposure=rows, concept=CONCEPTS)
    assert {event.source_system for event in found if event.source_code == "6851"} == {"RXNORM"}
    few = events(tmp_path / "few", drug_exposure=rows[-2:], concept=CONCEPTS)
    assert {event.source_system for event in few if event.source_code == "6851"} == {""}


def test_a_code_that_fits_two_systems_of_its_table_is_left_open(tmp_path: Path) -> None:
    drugs = [(1551099, "8640")] * 60 + [(40213154, "140")] * 60 + [(0, "121"), (0, "6851")]
    rows = [
        {
            "drug_exposure_id": number,
            "drug_concept_id": concept,
            "drug_exposure_start_date": DAY,
            "drug_source_value": code,
        }
        for number, (concept, code) in enumerate(drugs)
    ]
    found = {event.source_code: event.source_system for event in events(tmp_path, drug_exposure=rows, concept=CONCEPTS)}
    assert (found["121"], found["6851"]) == ("", "RXNORM")


@pytest.mark.parametrize(
    ("is_one", "valid", "not_valid"),
    [
        # SNOMED CT and LOINC codes of the shared concept tables, and the same with one digit changed or swapped.
        (is_snomed, ["69896004", "363406005", "10509002", "185086009"], ["69896003", "363406050", "12345678", "140", "1742-6"]),
        (is_loinc, ["1742-6", "8480-6", "1751-7", "72166-2", "6298-4"], ["1742-5", "8408-6", "1742", "2020-03", "99-12-31"]),
        (is_words, ["Polymyalgia rheumatica", "ALT", "PRED 5MG TAB"], ["M35.3", "A9270", "1742-6", "", "1", "x"]),
    ],
)  # fmt: skip
def test_what_a_code_shows_by_itself(is_one: Callable[[str], bool], valid: list[str], not_valid: list[str]) -> None:
    assert [word for word in valid if not is_one(word)] == []
    assert [word for word in not_valid if is_one(word)] == []


def test_own_tables_make_a_term_mean_descendants_by_id_and_by_code(tmp_path: Path) -> None:
    base = Vocabulary.of([Concept("cancer", Domain.CONDITION, codes={"OMOP": ("443392",)})])
    folder = parquet(
        tmp_path,
        person=[PERSON],
        concept=CONCEPTS,
        concept_ancestor=[{"ancestor_concept_id": 443392.0, "descendant_concept_id": 4180790}],
    )
    widened = with_own_tables(base, folder)
    assert dict(widened.get("cancer").codes) == {"OMOP": ("443392", "4180790"), "SNOMED": ("363406005",)}
    assert widened.read(Domain.CONDITION, (("SNOMED", "363406005"),), "").layer == f"OMOP tables of {tmp_path.name}"


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "value", "comparator", "words", "code"),
    [
        ({"value_as_number": 5.0}, 5.0, "", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4171756}, 5.0, "<", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4171754}, 5.0, "<=", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4172704}, 5.0, ">", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4171755}, 5.0, ">=", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4172703}, 5.0, "", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 1}, None, "", "operator 1 5", ""),
        ({"value_as_number": 5.0, "value_source_value": "<5"}, 5.0, "<", "", ""),
        ({"value_as_number": 5.0, "value_source_value": "<6"}, None, "", "5 or <6", ""),
        ({"value_as_number": 0.0, "value_source_value": "<5"}, None, "", "0 or <5", ""),
        ({"value_as_number": 7.0, "value_source_value": "< 5 mg/L"}, None, "", "7 or < 5 mg/L", ""),
        ({"value_as_number": 7.0, "value_source_value": "8"}, None, "", "7 or 8", ""),
        ({"value_as_number": 7.0, "value_source_value": "7.04"}, 7.0, "", "", ""),
        ({"value_as_number": 7.04, "value_source_value": "7.0"}, 7.04, "", "", ""),
        ({"value_as_number": 7.0412345, "value_source_value": "7.04"}, 7.0412345, "", "", ""),
        ({"value_as_number": 37.0, "value_source_value": "98.6 [degF]"}, 37.0, "", "", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4171756, "value_source_value": ">5"}, None, "", "<5 or >5", ""),
        ({"value_as_number": 5.0, "operator_concept_id": 4171756, "value_source_value": "<5"}, 5.0, "<", "", ""),
        ({"value_as_number": -999.0}, None, "", "-999", ""),
        ({"value_as_number": -9999.0, "value_source_value": "-9999"}, None, "", "-9999", ""),
        ({"value_as_number": -9.0}, -9.0, "", "", ""),
        ({"value_as_number": None, "value_source_value": "<5"}, 5.0, "<", "", ""),
        ({"value_as_number": None, "value_source_value": "≥ 5 mg/dL"}, 5.0, ">=", "", ""),
        ({"value_as_number": None, "value_source_value": "5-10"}, None, "", "5-10", ""),
        ({"value_as_number": None, "value_source_value": "POSITIVE"}, None, "", "POSITIVE", ""),
        ({"value_as_number": 12.0, "value_source_value": "POSITIVE"}, 12.0, "", "POSITIVE", ""),
        ({"value_as_number": 12.0, "value_source_value": "12 (see note)"}, 12.0, "", "", ""),
        ({"value_as_concept_id": 45884084}, None, "", "Positive", "LA6576-8"),
        ({"value_as_concept_id": 9189}, None, "", "Negative", ""),
        ({"value_as_concept_id": 123}, None, "", "OMOP concept 123", ""),
        ({"value_as_concept_id": 0}, None, "", "", ""),
    ],
)  # fmt: skip
def test_values(
    tmp_path: Path, columns: dict[str, Any], value: float | None, comparator: str, words: str, code: str
) -> None:
    event = measurement(tmp_path, **columns)
    assert (event.value, event.comparator, event.value_text, event.value_code) == (value, comparator, words, code)


def test_a_value_that_is_two_values_or_none_is_told(tmp_path: Path) -> None:
    rows = [
        {"measurement_id": 1, "person_id": 1, "measurement_concept_id": 0, "measurement_date": DAY, **value}
        for value in ({"value_as_number": 0.0, "value_source_value": "<5"}, {"value_as_number": -999.0})
    ]
    _, report, _ = read(parquet(tmp_path, person=[PERSON], measurement=rows))
    assert sorted(line.rpartition(": ")[2] for line in told(report)) == [
        "the value -999 is how programs write that there is none",
        "the value is 0 and, as written, '<5'",
    ]


def test_an_id_of_two_different_concepts_is_neither(tmp_path: Path) -> None:
    other = {**CONCEPTS[0], "concept_name": "Gout", "concept_code": "90560007"}
    row = {"condition_occurrence_id": 1, "condition_concept_id": 80809, "condition_start_date": DAY, "person_id": 1}
    tables: dict[str, Any] = {"person": [PERSON], "condition_occurrence": [row]}
    people, report, _ = read(parquet(tmp_path / "a", concept=[*CONCEPTS, other], **tables))
    event = people[0].events[0]
    assert (event.source_text, event.std_system, event.std_code) == ("", "OMOP", "80809")
    assert told(report) == ("concept.parquet: the id 80809 is given to different concepts; it is left open",)
    people, report, _ = read(parquet(tmp_path / "b", concept=[*CONCEPTS, CONCEPTS[0]], **tables))
    assert people[0].events[0].std_code == "69896004" and told(report) == ()


@pytest.mark.parametrize(
    ("low", "high", "limits"),
    [(10.0, 40.0, (10.0, 40.0)), (None, 40.0, (None, 40.0)), (0.0, 0.0, (None, None)), (40.0, 10.0, (None, None))],
)
def test_limits_of_normal(
    tmp_path: Path, low: float | None, high: float | None, limits: tuple[float | None, ...]
) -> None:
    event = measurement(tmp_path, value_as_number=5.0, range_low=low, range_high=high)
    assert (event.low, event.high) == limits


@pytest.mark.parametrize(
    ("value", "status"),
    [("No", Status.REFUTED), ("Negative", Status.REFUTED), ("Yes", Status.COMPLETED), (None, Status.COMPLETED)],
)
def test_the_question_about_a_disease_answered_with_no_is_no_disease(
    tmp_path: Path, value: str | None, status: Status
) -> None:
    row = {"observation_id": 1, "observation_concept_id": 80809, "observation_date": DAY, "value_as_string": value}
    (event,) = events(tmp_path, observation=[row], concept=CONCEPTS)
    assert (event.domain, event.status) == (Domain.OBSERVATION, status)


def test_other_questions_keep_their_no(tmp_path: Path) -> None:
    row = {"observation_id": 1, "observation_concept_id": 4214956, "observation_date": DAY, "value_as_string": "No"}
    (event,) = events(tmp_path, observation=[row], concept=CONCEPTS)
    assert (event.status, event.value_text) == (Status.COMPLETED, "No")


# --- drugs ----------------------------------------------------------------------------------------------------------

FIVE_MG = [
    {"drug_concept_id": 19080182, "ingredient_concept_id": 1551099, "amount_value": 5.0, "amount_unit_concept_id": 8576}
]
TWO = [*FIVE_MG, {**FIVE_MG[0], "ingredient_concept_id": 2}]
OLD = [*FIVE_MG, {**FIVE_MG[0], "amount_value": 9.0, "invalid_reason": "D"}]


@pytest.mark.parametrize(
    ("strengths", "quantity", "days", "dose", "per_day", "why"),
    [
        (FIVE_MG, 60, 30, 5.0, 2.0, "two tablets a day"),
        (FIVE_MG, 15, 30, 5.0, 0.5, "half a tablet a day"),
        (OLD, 60, 30, 5.0, 2.0, "what is no longer valid does not count"),
        (FIVE_MG, 46, 30, None, None, "46 tablets in 30 days are not the same each day"),
        (FIVE_MG, 4, 28, None, None, "once a week is nothing of any day"),
        (FIVE_MG, None, 30, None, None, "no quantity"),
        (FIVE_MG, 60, 0, None, None, "no days"),
        (FIVE_MG, -60, 30, None, None, "a return"),
        (TWO, 60, 30, None, None, "a product of two drugs"),
        (None, 60, 30, None, None, "no strengths"),
        ([{**FIVE_MG[0], "amount_unit_concept_id": 1}], 60, 30, None, None, "a unit nobody knows"),
        ([{**FIVE_MG[0], "amount_value": None}], 60, 30, None, None, "a liquid: its amount is a concentration"),
    ],
)  # fmt: skip
def test_doses_only_where_they_can_be_known(
    tmp_path: Path, strengths: list[dict[str, Any]] | None, quantity: float | None, days: int | None,
    dose: float | None, per_day: float | None, why: str,
) -> None:  # fmt: skip
    event = drug(tmp_path, strengths, quantity=quantity, days_supply=days)
    assert (event.dose, event.per_day) == (dose, per_day), why
    assert event.dose_unit == ("mg" if dose else "")
    assert event.origin.endswith("(dose averaged over the supply)") is (dose is not None)


@pytest.mark.parametrize(
    ("columns", "end", "why"),
    [
        ({"drug_exposure_end_date": date(2020, 5, 1)}, "2020-05-01", "an end as stated"),
        ({"drug_exposure_end_date": None}, "None", "none stated"),
        ({"drug_exposure_end_date": None, "days_supply": 30}, "2020-04-02", "thirty days, the first included"),
        ({"drug_exposure_end_date": date(2020, 4, 3), "days_supply": 30}, "2020-04-03", "an end that the supply supports"),
        ({"drug_exposure_end_date": date(2020, 4, 2), "verbatim_end_date": date(2020, 3, 20)}, "2020-03-20", "verbatim first"),
        ({"drug_exposure_end_date": DAY, "verbatim_end_date": date(2019, 1, 1)}, "None", "a verbatim end before the start, and an end filled in"),
    ],
)  # fmt: skip
def test_ends_of_drugs(tmp_path: Path, columns: dict[str, Any], end: str, why: str) -> None:
    assert str(drug(tmp_path, **columns).end) == end, why


def test_an_end_filled_in_by_a_program_is_left_empty_and_told(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"drug_exposure_id": 1, "verbatim_end_date": date(2020, 3, 20), "drug_exposure_end_date": date(2020, 3, 20)},
        {"drug_exposure_id": 2, "verbatim_end_date": None, "drug_exposure_end_date": DAY},
        {"drug_exposure_id": 3, "verbatim_end_date": None, "drug_exposure_end_date": date(2020, 4, 2)},
        {"drug_exposure_id": 4, "verbatim_end_date": None, "drug_exposure_end_date": date(2020, 5, 1)},
    ]
    whole = [{"person_id": 1, "drug_concept_id": 1551099, "drug_exposure_start_date": DAY, **row} for row in rows]
    people, report, _ = read(parquet(tmp_path, person=[PERSON], drug_exposure=whole))
    assert [str(event.end) for event in people[0].events] == ["2020-03-20", "None", "None", "2020-05-01"]
    assert told(report) == ("2 ends of drugs were filled in by a program and are left empty",)


@pytest.mark.parametrize(("days", "ends"), [((29,) * 60, 0), ((29,) * 59 + (28,), 60), ((29,) * 49, 49)])
def test_ends_that_are_all_alike_are_a_convention(tmp_path: Path, days: tuple[int, ...], ends: int) -> None:
    rows = [
        {
            "drug_exposure_id": number,
            "drug_concept_id": 1551099,
            "drug_exposure_start_date": DAY,
            "drug_exposure_end_date": date.fromordinal(DAY.toordinal() + length),
        }
        for number, length in enumerate(days)
    ]
    assert sum(event.end is not None for event in events(tmp_path, drug_exposure=rows)) == ends


@pytest.mark.parametrize(
    ("columns", "route"),
    [
        ({"route_concept_id": 4132161}, "Oral"),
        ({"route_concept_id": 4171047}, "Intravenous"),
        ({"route_source_value": "PO"}, "PO"),
        ({"drug_concept_id": 19080182}, "oral"),
        ({"drug_concept_id": 1551099}, ""),
    ],
)
def test_routes(tmp_path: Path, columns: dict[str, Any], route: str) -> None:
    assert drug(tmp_path, **{"drug_concept_id": 1551099, **columns}).route == route


def test_everybody_born_on_the_first_is_a_convention(tmp_path: Path) -> None:
    people = [
        {**PERSON, "person_id": number, "day_of_birth": 1, "month_of_birth": 1 + number % 12} for number in range(60)
    ]
    assert {one.birth and one.birth.day for one in read_omop(parquet(tmp_path / "a", person=people))} == {None}
    some = [{**person, "day_of_birth": 1 + (person["person_id"] == 7)} for person in people]
    assert {one.birth and one.birth.day for one in read_omop(parquet(tmp_path / "b", person=some))} == {1, 2}
