"""`trialrun screen` of many people as a coordinator uses it: the funnel, the candidates, the files, and what goes wrong."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import Answer
from tests.crowds import ON, PEOPLE, STUDY, write_answers, write_crowd, write_variant
from tests.ndjson_exports import write_export
from trialrun.cli.answers import ANSWERS

Command = Callable[..., Answer]


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    return write_crowd(tmp_path / "people")


@pytest.fixture
def words(crowd: Path, tmp_path: Path) -> tuple[str | Path, ...]:
    """Screens the crowd with the answers there are."""
    answers = write_answers(tmp_path / "answers.csv")
    return ("screen", STUDY, "--patients", crowd, "--on", ON, "--answers", answers)


def counted(answer: Answer) -> Any:
    assert answer.code == 0, answer.err
    value = json.loads(answer.out)
    ANSWERS["screen"].model_validate(value)
    return value


def test_where_the_five_stand_and_why(trialrun: Command, words: tuple[str | Path, ...]) -> None:
    value = counted(trialrun(*words, "--json"))
    counts = {name: value[name] for name in ("persons", "eligible", "possible", "excluded", "deceased")}
    assert counts == {"persons": 5, "eligible": 1, "possible": 1, "excluded": 3, "deceased": 1}
    rows = {row["id"]: row for row in value["criteria"]}
    assert list(rows) == [*(f"I{n}" for n in range(1, 7)), *(f"E{n}" for n in range(1, 14))]
    # The dead one is counted in met, not_met and unknown, and left out of who remains: 4 of 5 are alive.
    assert (rows["I1"]["met"], rows["I1"]["not_met"], rows["I1"]["unknown"]) == (3, 1, 1)
    assert [rows[name]["remaining"] for name in ("I1", "I2", "I3", "E13")] == [3, 3, 2, 2]
    assert [rows[name]["sure"] for name in ("I1", "E13")] == [2, 1]
    assert {name: row["alone"] for name, row in rows.items() if row["alone"]} == {"I1": 1}
    assert (rows["I1"]["eligible_without"], rows["I1"]["possible_without"]) == (1, 0)
    assert {name for name in rows if rows[name]["excludes"] and rows[name]["met"]} == {"E1", "E2", "E3"}


def test_the_numbers_add_up(trialrun: Command, words: tuple[str | Path, ...], crowd: Path) -> None:
    for number in range(12):
        write_variant(crowd, ("may-join", "may-not-join", "unknown")[number % 3], f"p{number}")
    value = counted(trialrun(*words, "--json", "--limit", "0"))
    persons, rows = value["persons"], value["criteria"]
    assert persons == 17 == value["eligible"] + value["possible"] + value["excluded"]
    assert value["candidates_total"] == value["eligible"] + value["possible"] == len(value["candidates"])
    assert all(row["met"] + row["not_met"] + row["unknown"] == persons for row in rows)
    assert all(before["remaining"] >= after["remaining"] for before, after in pairwise(rows))
    assert all(before["sure"] >= after["sure"] for before, after in pairwise(rows))
    assert all(0 <= row["sure"] <= row["remaining"] <= persons - value["deceased"] for row in rows)
    assert all(row["alone"] == row["eligible_without"] + row["possible_without"] for row in rows)
    assert (rows[-1]["remaining"], rows[-1]["sure"]) == (value["eligible"] + value["possible"], value["eligible"])
    assert all(one["settles"] <= one["waiting"] <= value["possible"] for one in value["levers"] + value["suppliers"])


def test_each_candidate_stands_as_when_screened_alone(trialrun: Command, words: tuple[str | Path, ...]) -> None:
    value = counted(trialrun(*words, "--json"))
    assert [one["person"] for one in value["candidates"]] == ["made-up-may-join", "made-up-unknown"]
    named = {one["person"]: one for one in value["candidates"]}
    for person in PEOPLE:
        alone = json.loads(trialrun(*words, "--json", "--person", person).out)
        assert (alone["verdict"] == "excluded") == (person not in named)
        if person in named:
            unknown = [row["id"] for row in alone["criteria"] if row["verdict"] == "unknown"]
            assert (alone["verdict"], unknown) == (named[person]["standing"], named[person]["unknown"])
            assert {item for one in named[person]["ask"] for item in one["criteria"]} == set(unknown)


def test_a_bulk_export_of_the_same_people_gives_the_same_numbers(
    trialrun: Command, words: tuple[str | Path, ...], crowd: Path, tmp_path: Path
) -> None:
    lines = [row["resource"] for file in crowd.iterdir() for row in json.loads(file.read_bytes())["entry"]]
    export = write_export(tmp_path / "export", {"all.ndjson": lines})
    folder = counted(trialrun(*words, "--json"))
    bulk = counted(trialrun(*words[:3], export, *words[4:], "--json"))
    told = ("source", "read")
    assert {key: bulk[key] for key in bulk if key not in told} == {
        key: folder[key] for key in folder if key not in told
    }


def test_what_it_says_in_words(trialrun: Command, words: tuple[str | Path, ...]) -> None:
    said = trialrun(*words)
    lines = said.out.splitlines()
    assert said.code == 0
    assert lines[0].startswith(f"{STUDY} on {ON}: 5 people in the folder of FHIR bundles")
    assert [" ".join(line.split()) for line in lines[1:4]] == [
        "1 eligible everything is known and met",
        "1 possible nothing known is against it, something is unknown",
        "3 excluded, 1 of them because they are recorded as dead",
    ]
    told = " ".join(said.out.split())
    for part in (
        "Not facts yet: consent, enrolment, day 1",
        "Undecided in the protocol:",
        "Of 3 people a person's answer stands in for a missing record.",
        "Funnel, in the protocol's order",
        "What each criterion costs: people it alone excludes",
        "What to find out, of the people who might join",
        "made-up-may-join: eligible, by everything recorded and answered",
        "made-up-unknown: 18 unknown (I1, I2,",
        "Nobody of 1 is settled by what one of them alone can say.",
    ):
        assert part in told
    (row,) = [line.split() for line in lines if line.startswith("I1 ") and "█" in line]
    assert row[:6] == ["I1", "1", "3", "1", "3", "2"]


def test_a_broken_bundle_is_told_and_counted_and_the_others_are_screened(
    trialrun: Command, words: tuple[str | Path, ...], crowd: Path
) -> None:
    (crowd / "broken.json").write_bytes(b'{"resourceType": "Bundle", "entry": [')
    (crowd / "empty.json").write_bytes(b"")
    value = counted(trialrun(*words, "--json"))
    assert (value["persons"], value["read"]["rejected_files"]) == (5, 2)
    assert any("broken.json" in words for words in value["read"]["rejections"])
    said = trialrun(*words)
    told = " ".join(said.out.split())
    short = "Not everything was read: 2 files could not be read, or not to the end; who could be read from there is counted."
    assert told.index(f"! {short}") < told.index("Funnel") < told.rindex(short) < told.index("broken.json")
    assert (said.code, said.err.splitlines()[-1]) == (0, short)


def test_who_is_read_from_a_cut_file_is_counted_and_said_to_be(trialrun: Command, tmp_path: Path) -> None:
    lines = [json.dumps({"resourceType": "Patient", "id": f"p{n}", "birthDate": "1950-01-01"}) for n in range(2_000)]
    whole = gzip.compress("\n".join(lines).encode(), mtime=0)
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "Patient.ndjson.gz").write_bytes(whole[: len(whole) * 3 // 4])
    said = trialrun("screen", STUDY, "--patients", folder, "--on", ON, "--page", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    for text in (said.out, page):
        assert "1 file could not be read, or not to the end; who could be read" in " ".join(text.split())
        assert "obody of them is counted" not in text
    people = int(said.out.partition(" people in the")[0].rpartition(" ")[2].replace(",", ""))
    assert (said.code, 0 < people < 2_000) == (0, True)


def test_where_nobody_can_be_read_nothing_is_answered_or_left_behind(trialrun: Command, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "broken.json").write_bytes(b"{")
    out = tmp_path / "verdicts.parquet"
    said = trialrun("screen", STUDY, "--patients", folder, "--on", ON, "--out", out)
    assert (said.code, said.out, "broken.json" in said.err) == (3, "", True)
    assert [path.name for path in tmp_path.iterdir()] == ["people"]


def test_answers_that_were_not_used_are_told(trialrun: Command, crowd: Path, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    rows = [
        'made-up-unknown,E4,no,"Mr Wu, nurse",2026-11-20',
        'made-up-unknown,I5,yes,"Li Wei, investigator",2026-12-01',
        'young,I99,yes,"Li Wei, investigator",2026-11-20',
        'nobody-here,I5,yes,"Li Wei, investigator",2026-11-20',
    ]
    file.write_text("person,item,answer,by,on\n" + "\n".join(rows) + "\n", encoding="utf-8")
    said = trialrun("screen", STUDY, "--patients", crowd, "--on", ON, "--answers", file)
    told = " ".join(said.out.split())
    for part in (
        "The answer to E4 by Mr Wu, nurse was not used: the investigator is asked. Roles that count: "
        "investigator, sub-investigator, physician, doctor, MD. (1 person)",
        f"Answered after {ON} and not used: I5. (1 person)",
        "The answer to 'I99' belongs to no item of this protocol and was not used. (1 person)",
        "Answers about 1 person who were not screened: nobody-here.",
    ):
        assert part in told


# --- files --------------------------------------------------------------------------------------------------------------


def table(path: Path) -> list[dict[str, str]]:
    """A table of verdicts as DuckDB reads it; every cell is text."""
    reader = f"read_csv('{path}', all_varchar = true, header = true)" if path.suffix == ".csv" else f"'{path}'"
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM {reader}")
        names = [column[0] for column in found.description or ()]
        return [
            dict(zip(names, ("" if cell is None else cell for cell in row), strict=True)) for row in found.fetchall()
        ]


@pytest.mark.parametrize("name", ["verdicts.parquet", "verdicts.csv"])
def test_every_verdict_with_its_evidence_is_in_the_table(
    trialrun: Command, words: tuple[str | Path, ...], tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    value = counted(trialrun(*words, "--json", "--out", out))
    rows = table(out)
    tops = {(row["person"], row["item"]): row["verdict"] for row in rows if row["item"] == row["criterion"]}
    assert len(tops) == 5 * 19
    for row in value["criteria"]:
        verdicts = [tops[person, row["id"]] for person in PEOPLE]
        assert [verdicts.count(word) for word in ("met", "not met", "unknown")] == [
            row[word] for word in ("met", "not_met", "unknown")
        ]
    standings = {row["person"]: row["standing"] for row in rows}
    assert standings == {
        "made-up-may-join": "eligible",
        "young": "excluded",
        "dead": "excluded",
        "made-up-may-not-join": "excluded",
        "made-up-unknown": "possible",
    }
    (decided,) = [
        row
        for row in rows
        if (row["person"], row["criterion"], row["decided"]) == ("made-up-may-not-join", "E1", "yes")
    ]
    assert (decided["date"], "nfliximab" in decided["what"]) == ("2026-09-14 to 2026-09-14", True)
    assert decided["origin"].startswith("may-not-join.json: ")
    with_parts = {row["item"].rpartition(".")[0] for row in rows}
    assert {"I2", "I3", "I3.4", "E3"} <= with_parts
    # What was looked at stands once, at the part that looked; a part can be looked at in several criteria.
    assert not [row for row in rows if row["item"] in with_parts and row["row"]]
    assert all(row["missing"] and row["who"] for row in rows if row["verdict"] == "unknown")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_both_tables_say_the_same(trialrun: Command, words: tuple[str | Path, ...], tmp_path: Path) -> None:
    for name in ("one.parquet", "one.csv"):
        assert trialrun(*words, "--out", tmp_path / name).code == 0
    assert table(tmp_path / "one.parquet") == table(tmp_path / "one.csv")


def test_an_id_that_a_spreadsheet_would_run_is_neutral_in_csv_and_whole_in_parquet(
    trialrun: Command, words: tuple[str | Path, ...], crowd: Path, tmp_path: Path
) -> None:
    write_variant(crowd, "unknown", "-2+3")
    for name, person in (("one.parquet", "-2+3"), ("one.csv", "'-2+3")):
        assert trialrun(*words, "--out", tmp_path / name).code == 0
        assert person in {row["person"] for row in table(tmp_path / name)}


def test_questions_are_written_for_the_candidates_filled_in_and_read_back(
    trialrun: Command, words: tuple[str | Path, ...], crowd: Path, tmp_path: Path
) -> None:
    write_variant(crowd, "may-join", "second")
    ask = tmp_path / "ask.csv"
    said = trialrun(*words, "--ask", ask)
    assert said.code == 0 and "questions about 3 candidates" in said.err
    with ask.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # Who is near comes first; nobody is asked about who is settled or excluded.
    assert list(dict.fromkeys(row["person"] for row in rows)) == ["second", "made-up-unknown"]
    before = {one["person"]: one["unknown"] for one in counted(trialrun(*words, "--json"))["candidates"]}
    for row in rows:
        if row["item"] in ("I2.2", "I5", "E4"):
            row.update(answer="no" if row["item"] == "E4" else "yes", by="Li Wei, investigator", on=ON)
    with ask.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    again = counted(trialrun(*words[:-1], ask, "--json"))
    after = {one["person"]: one["unknown"] for one in again["candidates"]}
    assert set(before["second"]) - set(after["second"]) == {"I2", "I5", "E4"}
    assert set(before["made-up-unknown"]) - set(after["made-up-unknown"]) == {"I2", "I5", "E4"}


@pytest.mark.parametrize("option", ["--page", "--ask", "--out"])
def test_a_file_that_exists_is_refused_before_anybody_is_screened(
    trialrun: Command, words: tuple[str | Path, ...], tmp_path: Path, option: str
) -> None:
    target, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    target.write_text("mine", encoding="utf-8")
    more = ("--out", other) if option != "--out" else ("--ask", other)
    said = trialrun(*words, option, target, *more)
    assert (said.code, said.out, "is left as it is" in said.err) == (3, "", True)
    assert (target.read_text(encoding="utf-8"), other.exists()) == ("mine", False)


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--limit", "-1"), 2, "--limit -1 is below 0"),
        (("--out", "verdicts.xlsx"), 2, "ends in neither .csv nor .parquet"),
        (("--out", "a.csv", "--ask", "a.csv"), 2, "two of the files to write have one name"),
        (("--out", "no/such/folder/a.csv"), 4, "cannot be written"),
        (("--engine", "sql"), 2, "there is no engine 'sql' yet"),
        (("--person", "made-up-unknown", "--out", "a.csv"), 2, "--out is for many people"),
    ],
)
def test_what_goes_wrong_is_told(
    trialrun: Command,
    words: tuple[str | Path, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    found = trialrun(*words, *more)
    assert (found.code, found.out, said in found.err) == (code, "", True), found.err


def test_as_many_candidates_are_shown_as_are_asked_for(trialrun: Command, words: tuple[str | Path, ...]) -> None:
    value = counted(trialrun(*words, "--json", "--limit", "1"))
    assert ([one["person"] for one in value["candidates"]], value["candidates_total"]) == (["made-up-may-join"], 2)
    told = trialrun(*words, "--limit", "1").out
    assert "… and 1 more (--limit 0 shows all)" in told and "made-up-unknown:" not in told


# --- the page -----------------------------------------------------------------------------------------------------------


def test_the_page_says_the_same_numbers_and_escapes_what_the_source_says(
    trialrun: Command, words: tuple[str | Path, ...], crowd: Path, tmp_path: Path
) -> None:
    write_variant(crowd, "unknown", "<b>x&y")
    page = tmp_path / "page.html"
    said = trialrun(*words, "--page", page)
    assert (said.code, f"Written: {page}" in said.err) == (0, True)
    text = page.read_text(encoding="utf-8")
    assert "1 of 6 people may join, 2 might" in text
    assert "&lt;b&gt;x&amp;y" in text and "<b>x" not in text
    assert "src=" not in text and "url(http" not in text and "default-src 'none'" in text


def test_the_page_to_pass_on_is_rounded_and_knows_nobody_dead(
    trialrun: Command, words: tuple[str | Path, ...], crowd: Path, tmp_path: Path
) -> None:
    for number in range(18):
        write_variant(crowd, ("may-join", "unknown")[number % 2], f"p{number}")
    target = tmp_path / "to-pass-on.html"
    assert trialrun(*words, "--share", target).code == 0
    text = target.read_text(encoding="utf-8")
    # 23 people, one of them dead: 22 living.
    assert "20 to 29 people screened" in text and "People recorded as dead are left out" in text
    assert not {"23", "22", "21"} & set(re.findall(r">(\d+)<", text))
    assert "made-up" not in text and "p17" not in text
    assert "under 10" in text


def test_too_few_people_are_not_passed_on_and_nothing_is_left_behind(
    trialrun: Command, words: tuple[str | Path, ...], tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    targets = [
        part for name in ("page", "ask", "out", "share") for part in (f"--{name}", tmp_path / f"{name}.{ENDINGS[name]}")
    ]
    said = trialrun(*words, *targets)
    assert (said.code, said.out, "too few people" in said.err) == (3, "", True)
    assert sorted(tmp_path.iterdir()) == before


ENDINGS = {"page": "html", "ask": "csv", "out": "parquet", "share": "html"}


@pytest.mark.parametrize("bad", ["page", "ask", "out"])
def test_where_one_file_cannot_be_written_none_is(
    trialrun: Command, words: tuple[str | Path, ...], tmp_path: Path, bad: str
) -> None:
    before = sorted(tmp_path.iterdir())
    places = {name: tmp_path / ("nowhere" if name == bad else ".") / f"{name}.{ENDINGS[name]}" for name in ENDINGS}
    targets = [part for name in ("page", "ask", "out") for part in (f"--{name}", places[name])]
    said = trialrun(*words, *targets)
    assert (said.code, said.out, "there is no folder" in said.err) == (4, "", True)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("bad", ["page", "ask"])
def test_where_one_file_about_one_person_cannot_be_written_none_is(
    trialrun: Command, words: tuple[str | Path, ...], tmp_path: Path, bad: str
) -> None:
    places = {name: tmp_path / f"{name}.{ENDINGS[name]}" for name in ("page", "ask")}
    places[bad].write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    said = trialrun(*words, "--person", "made-up-unknown", "--page", places["page"], "--ask", places["ask"])
    assert (said.code, said.out, "is left as it is" in said.err) == (3, "", True)
    assert (sorted(tmp_path.iterdir()), places[bad].read_text(encoding="utf-8")) == (before, "mine")


@pytest.mark.parametrize("more", [(), ("--person", "made-up-unknown")])
def test_files_are_there_also_where_nobody_reads_the_answer(
    words: tuple[str | Path, ...], tmp_path: Path, more: tuple[str, ...]
) -> None:
    page = tmp_path / "page.html"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "trialrun", *map(str, words), *more, "--page", str(page)]
        subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=120)
    finally:
        os.close(writing)
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
