"""`trialrun clinic` as a user runs it: what it writes, that it is the same each time, and what it refuses."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Answer
from trialrun.cli.answers import ANSWERS
from trialrun.patients.clinic import folders
from trialrun.patients.clinic.people import made_up_people
from trialrun.patients.fhir.read import load_content, read_people
from trialrun.patients.person import Person

Command = Callable[..., Answer]
FORMS = ("fhir", "ndjson", "omop")


def hashes(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_same_seed_gives_the_same_bytes(form: str, trialrun: Command, tmp_path: Path) -> None:
    """In another process, too, with another order of sets and another clock zone."""
    said = trialrun("clinic", "--people", "25", "--seed", "bytes", "--as", form, "-o", tmp_path / "one")
    assert said.code == 0
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    words = ["clinic", "--people", "25", "--seed", "bytes", "--as", form, "-o", str(tmp_path / "two")]
    subprocess.run([sys.executable, "-m", "trialrun", *words], check=True, capture_output=True, env=environment)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    trialrun("clinic", "--people", "25", "--seed", "other", "--as", form, "-o", tmp_path / "three")
    assert hashes(tmp_path / "one") != hashes(tmp_path / "three")


def test_the_bytes_are_these(trialrun: Command, tmp_path: Path) -> None:
    """Pinned: whoever changes the people, wittingly or not, sees it here. FHIR bytes hang on no library."""
    trialrun("clinic", "--people", "5", "--seed", "pinned", "--as", "fhir", "-o", tmp_path / "c")
    whole = hashlib.sha256(json.dumps(hashes(tmp_path / "c"), sort_keys=True).encode()).hexdigest()
    assert whole == PINNED


PINNED = "7efc43bc2721ecd87378a8207187ef9d73951d93d4d813e0a713c05134232cf9"


def test_fhir_bundles_are_read_back(trialrun: Command, tmp_path: Path) -> None:
    said = trialrun("clinic", "--people", "20", "--seed", "7", "--as", "fhir", "-o", tmp_path / "c", "--json")
    value = json.loads(said.out)
    ANSWERS["clinic"].model_validate(value)
    assert (value["people"], value["seed"], value["as"], value["made_up"]) == (20, "7", "fhir", True)
    people = list(read_people(tmp_path / "c"))
    made = list(made_up_people(20, "7"))
    assert [_without_origin(one) for one in people] == [_without_origin(one) for one in made]
    assert value["counts"]["Patient"] == 20
    assert sum(value["counts"].values()) == 20 + sum(len(one.events) for one in made)


def _without_origin(person: Person) -> Person:
    return replace(person, origin="", events=tuple(replace(event, origin="") for event in person.events))


def test_an_export_by_type_holds_the_same(trialrun: Command, tmp_path: Path) -> None:
    """Put together again by hand, resource by resource; each of them says that it is made up."""
    words = ("clinic", "--people", "6", "--seed", "7", "--as", "ndjson")
    trialrun(*words, "-o", tmp_path / "plain")
    trialrun(*words, "-o", tmp_path / "packed", "--gzip", "--part", "400")
    plain = {path.name: path.read_bytes() for path in (tmp_path / "plain").glob("*.ndjson")}
    packed: dict[str, bytes] = {}
    for path in sorted((tmp_path / "packed").glob("*.ndjson.gz")):
        kind = f"{path.name.split('.')[0]}.ndjson"
        content = gzip.decompress(path.read_bytes())
        assert content.count(b"\n") <= 400
        assert path.read_bytes()[4:8] == b"\0\0\0\0", "no time stands in the file"
        packed[kind] = packed.get(kind, b"") + content
    assert plain == packed
    resources = [json.loads(line) for content in plain.values() for line in content.splitlines()]
    assert all(one["meta"]["tag"][0]["code"] == "HTEST" for one in resources)
    assert len({(one["resourceType"], one["id"]) for one in resources}) == len(resources)
    back = {person.id: person for person in load_content(json.dumps(resources).encode(), "all.json").people}
    for person in made_up_people(6, "7"):
        rows = {replace(event, origin="") for event in back[person.id].events}
        assert rows == {replace(event, origin="") for event in person.events}


def test_omop_tables_hold_what_omop_can_hold(trialrun: Command, tmp_path: Path) -> None:
    said = trialrun("clinic", "--people", "60", "--seed", "7", "--as", "omop", "-o", tmp_path / "c", "--json")
    counts = json.loads(said.out)["counts"]
    people = list(made_up_people(60, "7"))
    with duckdb.connect() as sql:

        def ask(query: str) -> list[tuple[object, ...]]:
            return sql.execute(query.replace("{", f"'{tmp_path / 'c'}/").replace("}", ".parquet'")).fetchall()

        assert ask("select count(*) from {person}") == [(60,)]
        rows = [event for person in people for event in person.events if event.status.value != "entered in error"]
        for table in ("condition", "measurement", "procedure"):
            name = f"{table}_occurrence" if table != "measurement" else table
            wanted = sum(event.domain.value == table for event in rows)
            assert ask(f"select count(*) from {{{name}}}") == [(wanted,)] and counts[name] == wanted
        # Every row leads to its person, and every concept that is used stands in the table of concepts.
        for name, what in (
            ("condition_occurrence", "condition"),
            ("drug_exposure", "drug"),
            ("measurement", "measurement"),
        ):
            assert ask(f"select count(*) from {{{name}}} anti join {{person}} using (person_id)") == [(0,)]
            for column in (f"{what}_source_concept_id", f"{what}_concept_id"):
                query = f"select count(*) from {{{name}}} t anti join {{concept}} c on c.concept_id = t.{column} where {column} <> 0"
                assert ask(query) == [(0,)], (name, column)
        # Source codes keep their system.
        coded = ask(
            "select c.vocabulary_id, m.measurement_source_value, m.value_as_number, m.unit_source_value, m.range_high "
            "from {measurement} m join {concept} c on c.concept_id = m.measurement_source_concept_id "
            "where m.person_id = 1 and c.vocabulary_id = 'LOINC' order by measurement_id"
        )
        wanted_rows = [
            ("LOINC", event.source_code, event.value, event.unit_source or None, event.high)
            for event in people[0].events
            if event.domain.value == "measurement" and event.std_system == "LOINC" and event.status.value == "completed"
        ]
        assert coded == wanted_rows
        undated = ask("select count(*) from {condition_occurrence} where condition_start_date is null")
        vague = [event for event in rows if event.start is not None and event.start.day is None]
        assert undated == [(sum(event.domain.value == "condition" for event in vague),)] and vague
        # Doses: the number of doses by the strength of the product is what was taken in all.
        doses = ask(
            "select d.drug_source_value, d.quantity * s.amount_value / d.days_supply from {drug_exposure} d "
            "join {drug_strength} s using (drug_concept_id) join {concept} c on c.concept_id = d.drug_source_concept_id "
            "where c.concept_name in ('prednisone', 'prednisolone') and d.drug_exposure_start_date is not null "
            "order by drug_exposure_id"
        )
        taken = [
            (event.source_code, event.dose)
            for person in people
            for event in person.events
            if event.source_text in ("prednisone", "prednisolone") and event.dose is not None
            # What has no complete date has no date in OMOP, and without one no dose a day.
            if event.start is not None and event.start.day is not None
        ]
        assert len(taken) > 20 and doses == taken
        # Ids are those of the project's terms or local ones.
        used = ask("select distinct drug_concept_id from {drug_exposure} where drug_concept_id < 2000000000")
        from trialrun.vocabulary.shipped_terms import shipped

        known = {int(code) for one in shipped().concepts.values() for code in one.codes.get("OMOP", ())} | {0}
        assert {number for (number,) in used} <= known
        assert "MADE UP" in str(ask("select * from {cdm_source}"))
        for path in (tmp_path / "c").glob("*.parquet"):
            notes = sql.execute(
                f"select decode(value) from parquet_kv_metadata('{path}') where decode(key) = 'made_up'"
            )
            assert "no such persons exist" in str(notes.fetchall()), path.name


def test_a_users_parameters_count_and_are_told(trialrun: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "comorbidity: {hypertension: {20: [0, 0.5]}}\nresults: {albumin: [4, 0.1]}\nclinic:\n  main diagnosis: {polymyalgia rheumatica: 1, giant cell arteritis: 0, rheumatoid arthritis: 0, "
        "osteoarthritis: 0, gout: 0, none: 0}\n  died: 0\n",
        encoding="utf-8",
    )
    said = trialrun(
        "clinic", "--people", "8", "--seed", "7", "--as", "fhir", "-o", tmp_path / "c", "--parameters", mine, "--clean"
    )
    assert said.code == 0 and "clinic: main diagnosis" in said.err
    readme = (tmp_path / "c" / folders.README).read_text(encoding="utf-8")
    assert (
        "MADE UP" in readme
        and "clinic: died: 0" in readme
        and "hypertension: {20: [0, 0.5]}" in readme
        and "albumin: [4, 0.1]" in readme
        and "messiness: duplicate: 0" in readme
    )
    for person in read_people(tmp_path / "c"):
        assert any(event.source_code == "M35.3" for event in person.events)


def test_nothing_is_written_over(trialrun: Command, tmp_path: Path) -> None:
    words = ("clinic", "--people", "2", "--seed", "7", "--as", "ndjson", "-o")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert trialrun(*words, empty).code == 0
    before = hashes(empty)
    again = trialrun(*words, empty)
    assert again.code == 3 and "not empty" in again.err and hashes(empty) == before
    file = tmp_path / "file"
    file.write_text("mine")
    assert trialrun(*words, file).code == 3 and file.read_text() == "mine"
    assert trialrun(*words, tmp_path / "no" / "where").code == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=["stopped", "full"])
def test_what_was_half_written_is_gone(
    form: str, stop: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trialrun: Command
) -> None:
    def some(*_: object, **__: object) -> object:
        yield from made_up_people(3, "7")
        raise stop

    monkeypatch.setattr("trialrun.patients.clinic.people.made_up_people", some)
    said = trialrun("clinic", "--people", "9", "--seed", "7", "--as", form, "-o", tmp_path / "c")
    assert said.code == (130 if isinstance(stop, KeyboardInterrupt) else 4)
    assert ("Stopped." if said.code == 130 else "No space left") in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--people", "0", "--seed", "7", "--as", "fhir"), "--people 0 is not between 1 and 10,000,000"),
        (("--people", "x", "--seed", "7", "--as", "fhir"), "'x' is not a whole number"),
        (("--people", "3", "--seed", " ", "--as", "fhir"), "--seed needs a word or a number"),
        (("--people", "3", "--seed", "7", "--as", "csv"), "csv"),
        (("--people", "3", "--as", "fhir"), "clinic needs a seed"),
        (("--seed", "7", "--as", "fhir"), "clinic needs how many people"),
        (("--people", "3", "--seed", "7", "--as", "fhir", "--gzip"), "for --as ndjson only"),
        (("--people", "3", "--seed", "7", "--as", "ndjson", "--part", "0"), "is not a number of lines"),
        (("--people", "3", "--seed", "7", "--as", "fhir", "--on", "2026-13-01"), "--on"),
        (("--people", "3", "--seed", "7", "--as", "fhir", "--on", "1200-01-01"), "cannot be made up"),
    ],
)
def test_what_cannot_be_meant_is_told(words: tuple[str, ...], said: str, trialrun: Command, tmp_path: Path) -> None:
    answer = trialrun("clinic", *words, "-o", tmp_path / "c")
    assert answer.code == 2 and said in answer.err and "Traceback" not in answer.err
    assert not (tmp_path / "c").exists()


def test_a_wrong_parameter_is_told_with_its_line(trialrun: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("messiness:\n  unit missing: 7\n", encoding="utf-8")
    said = trialrun(
        "clinic", "--people", "3", "--seed", "7", "--as", "fhir", "-o", tmp_path / "c", "--parameters", mine
    )
    assert said.code == 3 and "mine.yaml:2:" in said.err and not (tmp_path / "c").exists()


def test_a_made_up_clinic_has_a_mixed_funnel(trialrun: Command) -> None:
    """For the founding study: many may still join, and the others are excluded for many different reasons."""
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.patients.clinic.people import DEFAULT_DAY
    from trialrun.protocol.shipped import find_protocol
    from trialrun.screening.explanation import explain

    protocol = find_protocol("NCT04062006")
    against: set[str] = set()
    standings = []
    for person in made_up_people(250, "7"):
        found = explain(protocol, person, Anchors.screening(DEFAULT_DAY, None), protocol.vocabulary)
        standings.append(found.standing.value)
        against |= {one.id for one in found.against()}
    assert 0.2 < standings.count("possible") / len(standings) < 0.8
    assert {"I1", "I3", "I5", "I6", "E1", "E2", "E3", "E8", "E9"} <= against
