"""`trialrun screen` as a coordinator uses it: three made-up people, answers, the page, and what goes wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from trialrun.cli.answers import ANSWERS
from trialrun.patients.shipped import shipped_answers, shipped_bundle

STUDY = "NCT04062006"
ON = ("--on", "2026-11-23")
Command = Callable[..., Answer]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    for name in ("may-join", "may-not-join", "unknown"):
        (tmp_path / f"{name}.json").write_bytes(shipped_bundle(name))
    answers = shipped_answers("may-join")
    assert answers is not None
    (tmp_path / "answers.csv").write_bytes(answers)
    return tmp_path


def explained(answer: Answer) -> Any:
    value = json.loads(answer.out)
    ANSWERS["screen --person"].model_validate(value)
    return value


def test_one_who_may_join(trialrun: Command, people: Path) -> None:
    said = trialrun("screen", STUDY, "--patients", people / "may-join.json", *ON, "--answers", people / "answers.csv")
    assert said.code == 0
    assert said.out.splitlines()[0].startswith(f"{STUDY}, person made-up-may-join on 2026-11-23: MAY JOIN")
    assert "Undecided in the protocol: A10, A11" in said.out
    assert "A person's answer stands in for a missing record: E12.a." in said.out
    assert "Not facts yet: consent, enrolment, day 1" in said.out


@pytest.mark.parametrize("death", [{"deceasedDateTime": "2026-11-20"}, {"deceasedBoolean": True}])
def test_who_is_dead_joins_no_trial(trialrun: Command, people: Path, death: dict[str, Any]) -> None:
    bundle = json.loads((people / "may-join.json").read_text(encoding="utf-8"))
    patient = next(row["resource"] for row in bundle["entry"] if row["resource"]["resourceType"] == "Patient")
    patient.update(death)
    (people / "dead.json").write_text(json.dumps(bundle), encoding="utf-8")
    said = trialrun("screen", STUDY, "--patients", people / "dead.json", *ON, "--answers", people / "answers.csv")
    assert said.code == 1
    assert "MAY NOT JOIN (recorded as deceased)" in said.out


def test_an_answer_given_later_is_not_used_and_told(trialrun: Command, people: Path) -> None:
    words = ("screen", STUDY, "--patients", people / "may-join.json", "--on", "2026-11-22")
    said = " ".join(trialrun(*words, "--answers", people / "answers.csv").out.split())
    assert "Answered after 2026-11-22 and not used: I2.2, I4.1" in said
    assert "UNKNOWN" in said


def test_answers_about_others_are_told(trialrun: Command, people: Path) -> None:
    words = ("screen", STUDY, "--patients", people / "unknown.json", *ON, "--answers", people / "answers.csv")
    said = " ".join(trialrun(*words).out.split())
    assert "no answer about made-up-unknown; it is about made-up-may-join" in said


def test_without_answers_the_same_person_is_unknown_and_is_told_whom_to_ask(trialrun: Command, people: Path) -> None:
    value = explained(trialrun("screen", STUDY, "--patients", people / "may-join.json", *ON, "--json"))
    assert value["verdict"] == "possible"
    rows = {row["id"]: row for row in value["criteria"]}
    assert list(rows) == [*(f"I{n}" for n in range(1, 7)), *(f"E{n}" for n in range(1, 14))]
    assert (rows["I1"]["verdict"], rows["I2"]["reason"]) == ("met", "NEEDS_PERSON")
    assert {gap["who"] for gap in rows["I2"]["missing"]} == {"the investigator"}


def test_one_who_may_not_join(trialrun: Command, people: Path) -> None:
    said = trialrun("screen", STUDY, "--patients", people / "may-not-join.json", *ON)
    assert said.code == 1
    assert "MAY NOT JOIN (I3, E1, E2, E3)." in said.out
    assert "infliximab: 2026-09-14" in said.out
    assert "3 x ULN is 120" in said.out


def test_one_of_whom_too_little_is_known(trialrun: Command, people: Path) -> None:
    value = explained(trialrun("screen", STUDY, "--patients", people / "unknown.json", *ON, "--json"))
    rows = {row["id"]: row for row in value["criteria"]}
    assert value["verdict"] == "possible"
    assert (rows["I1"]["verdict"], rows["I1"]["reason"]) == ("unknown", "PARTIAL_DATE")
    reasons = {gap["reason"] for gap in rows["E3"]["missing"]}
    assert {"NO_ULN", "NO_UNIT", "NO_ROW", "NEEDS_PERSON"} <= reasons


def test_evidence_names_the_row_and_where_it_stands(trialrun: Command, people: Path) -> None:
    value = explained(trialrun("screen", STUDY, "--patients", people / "may-not-join.json", *ON, "--json"))
    row = next(one for one in value["criteria"] if one["id"] == "E1")
    assert row["assumes"] == ["A10", "A14", "A15", "C2", "Q2"]
    decided = [one for one in row["evidence"] if one["decided"]]
    assert len(decided) == 1
    assert "nfliximab" in decided[0]["what"]
    assert "may-not-join.json" in decided[0]["origin"]


def test_promises_are_listed_and_not_judged(trialrun: Command, people: Path) -> None:
    value = explained(trialrun("screen", STUDY, "--patients", people / "may-join.json", *ON, "--json"))
    assert [one["id"] for one in value["promises"]] == ["I3.3", "E11.c", "E12.d", "E13.b"]


def test_a_start_moves_day_1_and_nothing_else(trialrun: Command, people: Path) -> None:
    words = ("screen", STUDY, "--patients", people / "may-join.json", *ON, "--start", "2026-12-07", "--json")
    value = explained(trialrun(*words))
    dates = {row["anchor"]: row["date"] for row in value["anchors"]}
    assert dates == {
        "consent": "2026-11-23",
        "screening": "2026-11-23",
        "enrolment": "2026-11-23",
        "day 1": "2026-12-07",
    }


def test_what_is_missing_is_told_once_for_all_criteria_that_wait_for_it(trialrun: Command) -> None:
    said = " ".join(trialrun("screen", STUDY, "--patients", "unknown", *ON).out.split())
    drugs = "the record does not cover all drugs, 2026-05-23 to 2026-11-23 [I3.2, I3.4.a, I3.4.b, I3.4.c, I3.4.d, I3.4.e, I6, E1, E2, E6.b.1]"
    assert said.count("does not cover all drugs") == 1 and drugs in said
    assert "does not cover all diagnoses, 2021-11-23 to 2026-11-23 [E9.a, E9.b.1]" in said
    places = [
        said.index(words) for words in ("The investigator:", "The participant:", "The laboratory", "The medical record")
    ]
    assert places == sorted(places)


def test_a_dose_is_told_with_drug_day_and_limit(trialrun: Command) -> None:
    value = explained(trialrun("screen", STUDY, "--patients", "may-not-join", *ON, "--json"))
    rows = {row["id"]: row for row in value["criteria"]}
    assert "prednisone 20 mg/day since 2026-09-01, limit 10 mg/day" in rows["E2"]["because"]
    assert "prednisone 20 mg/day since 2026-09-01, limit 10 mg/day" in rows["I3"]["because"]
    assert value["questions"] == []


def test_a_question_says_what_an_answer_does_and_when_it_matters(trialrun: Command) -> None:
    value = explained(trialrun("screen", STUDY, "--patients", "unknown", *ON, "--json"))
    asked = {row["item"]: row for row in value["questions"]}
    assert (asked["I5"]["yes"], asked["I5"]["no"]) == ("I5 met", "may not join")
    assert (asked["E4"]["yes"], asked["E4"]["no"]) == ("may not join", "E4 does not apply")
    assert asked["E4"]["only_if"] is None
    assert asked["E10.c"]["only_if"] == "E10.a or E10.b"
    assert (asked["E12.d"]["who"], asked["E12.d"]["only_if"]) == ("participant", "E12.c")


def test_what_an_answer_is_said_to_do_is_what_it_does(trialrun: Command, people: Path) -> None:
    """Each question that matters now is answered alone, yes and no, and the criterion screened again."""
    words = ("screen", STUDY, "--patients", "unknown", *ON, "--json")
    first = [row for row in explained(trialrun(*words))["questions"] if row["only_if"] is None]
    assert len(first) > 10
    for row in first:
        for answer in ("yes", "no"):
            file = people / "one.csv"
            by = "Li Wei, investigator" if row["who"] == "investigator" else "the participant"
            file.write_text(
                f'person,item,answer,by,on\nmade-up-unknown,{row["item"]},{answer},"{by}",2026-11-23\n',
                encoding="utf-8",
            )
            value = explained(trialrun(*words, "--answers", file))
            top = next(one for one in value["criteria"] if one["id"] == row["item"].partition(".")[0])
            out = "met" if top["excludes"] else "not met"
            settled = f"{top['id']} does not apply" if top["excludes"] else f"{top['id']} met"
            kept = {out: "may not join", "unknown": f"{top['id']} stays open"}.get(top["verdict"], settled)
            following = row[answer].removeprefix("then see ")
            if following == row[answer] or top["verdict"] != "unknown":
                assert row[answer] == kept, (row, answer)
                continue
            conditions = {one["item"]: one["only_if"] for one in value["questions"]}
            assert conditions.get(following) is None, (row, answer)
            assert following.startswith(f"{top['id']}."), (row, answer)


def test_questions_are_written_filled_in_and_read_back(trialrun: Command, people: Path) -> None:
    target = people / "ask.csv"
    words = ("screen", STUDY, "--patients", "unknown", *ON)
    said = trialrun(*words, "--ask", target)
    assert (said.code, "19 questions" in said.err) == (0, True)
    with target.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["person", "item", "answer", "by", "on", "asked", "question", "only if", "if yes", "if no"]
    as_written = " ".join(trialrun(*words, "--answers", target).out.split())
    assert "18 of 19 criteria open" in as_written
    for row in rows:
        if row["item"] in ("I2.2", "I5", "E4"):
            row.update(
                answer="yes" if row["item"].startswith("I") else "no", by="Li Wei, investigator", on="2026-11-23"
            )
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    filled = " ".join(trialrun(*words, "--answers", target).out.split())
    assert "15 of 19 criteria open" in filled
    assert trialrun(*words, "--ask", target).code == 3


@pytest.mark.parametrize("person", ["may-join", "unknown"])
def test_one_round_of_answers_settles_a_person(trialrun: Command, people: Path, person: str) -> None:
    """What the record leaves open stands in the file after the questions, and a person may answer it in its place."""
    ask = people / "ask.csv"
    words = ("screen", STUDY, "--patients", person, *ON)
    said = trialrun(*words, "--ask", ask)
    assert "more to answer in place of a record" in said.err
    with ask.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    in_place = [row for row in rows if "answer in place of a record: " in row["question"]]
    assert rows[-len(in_place) :] == in_place and rows != in_place
    assert {"E12.a"} <= {row["item"] for row in in_place} or person == "unknown"
    for row in rows:
        who = "the participant" if row["asked"] == "participant" else "Li Wei, investigator"
        row.update(answer="no" if row["if yes"] == "may not join" or row["item"][0] == "E" else "yes", by=who, on=ON[1])
    with ask.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    value = explained(trialrun(*words, "--answers", ask, "--json"))
    assert (value["verdict"], value["questions"]) == ("eligible", [])
    again = people / "again.csv"
    assert "0 questions\n" in trialrun(*words, "--answers", ask, "--ask", again).err
    assert "stands in for a missing record: " in trialrun(*words, "--answers", ask).out


def test_a_question_beside_a_record_is_answered_as_a_whole_by_who_is_asked(trialrun: Command, people: Path) -> None:
    """E7 asks the investigator about an image; that there is none is the record's. Both are settled as `E7/whole`."""
    words = ("screen", STUDY, "--patients", "unknown", *ON, "--json")
    for by, verdict in (("Li Wei, investigator", "not met"), ("Ann, nurse", "unknown")):
        file = people / "whole.csv"
        file.write_text(f'person,item,answer,by,on\nmade-up-unknown,E7/whole,no,"{by}",2026-11-23\n', encoding="utf-8")
        value = explained(trialrun(*words, "--answers", file))
        assert next(one["verdict"] for one in value["criteria"] if one["id"] == "E7") == verdict
        assert not any("belongs to no item" in remark for remark in value["remarks"])


def test_an_id_is_told_once_and_undecided_ids_stand_in_order(trialrun: Command, people: Path) -> None:
    file = people / "told.csv"
    rows = ("I2.2,no", "E11.b,no", "E4,no")
    file.write_text(
        "person,item,answer,by,on\n" + "".join(f"made-up-unknown,{row},Li Wei,2026-11-23\n" for row in rows),
        encoding="utf-8",
    )
    said = " ".join(trialrun("screen", STUDY, "--patients", "unknown", *ON, "--answers", file).out.split())
    assert "I2.2: no, by Li Wei on 2026-11-23" in said and "I2.2: I2.2" not in said
    told = said.partition("Taken for granted of who answered: ")[2].partition(" Against joining")[0]
    assert told.count("Li Wei") == 1 and " and to be the participant or to speak for them (E11.b)" in told
    marks = said.partition("Undecided in the protocol: ")[2].partition(".")[0].split(", ")
    assert marks == sorted(marks, key=lambda mark: (mark[0], int(mark[1:])))


def test_nobody_is_asked_about_who_may_not_join(trialrun: Command, people: Path) -> None:
    said = trialrun("screen", STUDY, "--patients", "may-not-join", *ON, "--ask", people / "ask.csv")
    assert (said.code, "0 questions" in said.err, "None of this changes the verdict" in said.out) == (1, True, True)


def test_an_id_that_a_spreadsheet_would_run_is_neutral_in_the_file_and_read_back(
    trialrun: Command, people: Path
) -> None:
    text = (people / "unknown.json").read_text(encoding="utf-8").replace("made-up-unknown", "-2+3")
    (people / "odd.json").write_text(text, encoding="utf-8")
    words = ("screen", STUDY, "--patients", people / "odd.json", *ON)
    assert trialrun(*words, "--ask", people / "ask.csv").code == 0
    lines = (people / "ask.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("'-2+3,I2.2,,,,")
    lines[1] = lines[1].replace(",I2.2,,,,", ',I2.2,yes,"Li Wei, investigator",2026-11-23,')
    (people / "filled.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "17 of 19 criteria open" in " ".join(trialrun(*words, "--answers", people / "filled.csv").out.split())


def test_an_answer_by_another_than_who_is_asked_is_told(trialrun: Command, people: Path) -> None:
    rows = ["E4,no,the participant", "I2.2,yes,Li Wei", 'E11.b,no,"Li Wei, investigator"']
    file = people / "roles.csv"
    file.write_text(
        "person,item,answer,by,on\n" + "".join(f"made-up-unknown,{row},2026-11-23\n" for row in rows), encoding="utf-8"
    )
    words = ("screen", STUDY, "--patients", "unknown", *ON, "--answers", file)
    said = " ".join(trialrun(*words).out.split())
    assert "The answer to E4 by the participant was not used: the investigator is asked. Roles that count:" in said
    assert "role not stated, Li Wei is taken to be an investigator (I2.2)" in said
    assert "Li Wei, investigator is taken to have written down what the participant said (E11.b)" in said
    value = explained(trialrun(*words, "--json"))
    verdicts = {row["id"]: row["verdict"] for row in value["criteria"]}
    assert (verdicts["E4"], verdicts["I2"]) == ("unknown", "met")


class _Page(HTMLParser):
    """Collects ids, links and anything that would fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.fetched += [str(given[name]) for name in ("src", "srcset", "data") if name in given]


def test_the_page_stands_by_itself(trialrun: Command, people: Path) -> None:
    target = people / "page.html"
    said = trialrun("screen", STUDY, "--patients", people / "may-not-join.json", *ON, "--page", target)
    assert (said.code, f"Written: {target}" in said.err) == (1, True)
    text = target.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert page.fetched == [] and "script" not in page.tags and "url(" not in text
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == 1
    assert "May not join" in text and "&lt;" in text


def test_a_page_that_exists_is_left_alone(trialrun: Command, people: Path) -> None:
    target = people / "page.html"
    target.write_text("mine", encoding="utf-8")
    said = trialrun("screen", STUDY, "--patients", people / "may-join.json", *ON, "--page", target)
    assert (said.code, target.read_text(encoding="utf-8")) == (3, "mine")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--on", "2026-11-31"), 2, "does not exist in the calendar"),
        ((*ON, "--start", "2026-11-01"), 2, "lies before the screening date"),
        ((*ON, "--person", "somebody"), 3, "Ids there: made-up-may-join"),
        ((*ON, "--person", "made-up-may-jion"), 3, "Did you mean 'made-up-may-join'?"),
        ((*ON, "--answers", "missing.csv"), 3, "missing.csv"),
        ((*ON, "--terms", "missing.yaml"), 3, "missing.yaml"),
    ],
)
def test_what_goes_wrong_is_told(trialrun: Command, people: Path, words: tuple[str, ...], code: int, said: str) -> None:
    found = trialrun("screen", STUDY, "--patients", people / "may-join.json", *words)
    assert (found.code, said in found.err) == (code, True), found.err


def test_an_answer_to_nothing_is_told(trialrun: Command, people: Path) -> None:
    file = people / "wrong.csv"
    file.write_text("person,item,answer,by,on\nmade-up-may-join,I99,yes,Li Wei,2026-11-23\n", encoding="utf-8")
    found = trialrun("screen", STUDY, "--patients", people / "may-join.json", *ON, "--answers", file)
    assert "The answer to 'I99' belongs to no item of this protocol" in " ".join(found.out.split())


def test_a_sites_own_terms_read_its_local_codes(trialrun: Command, people: Path) -> None:
    bundle = json.loads((people / "may-join.json").read_text(encoding="utf-8"))
    local = {
        "resourceType": "MedicationStatement",
        "id": "local",
        "status": "completed",
        "medicationCodeableConcept": {"coding": [{"system": "urn:our-pharmacy", "code": "4711"}]},
        "subject": {"reference": "Patient/made-up-may-join"},
        "effectivePeriod": {"start": "2026-10-01", "end": "2026-10-01"},
    }
    bundle["entry"].append({"resource": local})
    (people / "local.json").write_text(json.dumps(bundle), encoding="utf-8")
    (people / "site.yaml").write_text(
        "additions:\n  rituximab:\n    codes:\n      'urn:our-pharmacy': [4711]\n", encoding="utf-8"
    )
    words = ("screen", STUDY, "--patients", people / "local.json", *ON, "--json")

    def verdict(*more: str | Path) -> str:
        value = explained(trialrun(*words, *more))
        return str(next(row for row in value["criteria"] if row["id"] == "E1")["verdict"])

    assert verdict() == "unknown"
    assert verdict("--terms", people / "site.yaml") == "met"


def test_a_protocol_names_its_own_terms_file(trialrun: Command, people: Path) -> None:
    study = people / "study.yaml"
    drafted = trialrun("draft", STUDY, "-o", study)
    assert drafted.code == 0
    text = study.read_text(encoding="utf-8")
    text = text.replace("\ntrial: ", "\nterms: own.yaml\ntrial: ", 1)
    study.write_text(text, encoding="utf-8")
    assert "there is no terms file 'own.yaml'" in trialrun("check", study).err
    (people / "own.yaml").write_text(
        "terms:\n  our drugs:\n    domain: drug\n    members: [infliximab]\n", encoding="utf-8"
    )
    assert trialrun("check", study).code in (0, 1)


def test_a_made_up_person_is_named_without_a_file_and_a_file_goes_before_the_name(
    trialrun: Command, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(people)
    assert "person made-up-may-not-join" in trialrun("screen", STUDY, "--patients", "may-not-join", *ON).out
    (people / "may-not-join").write_bytes(shipped_bundle("may-join"))
    assert "person made-up-may-join" in trialrun("screen", STUDY, "--patients", "may-not-join", *ON).out
    said = trialrun("screen", STUDY, "--patients", "may-joi", *ON)
    assert (said.code, said.out) == (3, "")


def test_a_person_who_is_not_in_a_folder_is_told_who_is(trialrun: Command, people: Path) -> None:
    folder = people / "many"
    folder.mkdir()
    for number in range(12):
        text = (people / "unknown.json").read_text(encoding="utf-8").replace("made-up-unknown", f"p-{number:02}")
        (folder / f"{number:02}.json").write_text(text, encoding="utf-8")
    found = trialrun("screen", STUDY, "--patients", folder, *ON, "--person", "p-003")
    assert found.code == 3
    assert "Did you mean 'p-03'?" in found.err and "p-00, p-01" in found.err and "p-09, …" in found.err
    assert "p-10" not in found.err
    assert "made-up-may-join" in trialrun("screen", STUDY, "--patients", "may-join", *ON, "--person", "p-03").err
