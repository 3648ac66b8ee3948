"""The road of the founding study through the real commands; answers have the shape the docs describe."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.conftest import Answer
from trialrun.cli.answers import ANSWERS
from trialrun.cli.main import COMMANDS
from trialrun.protocol.load import load_text
from trialrun.protocol.shipped import shipped_text
from trialrun.registry.shipped import shipped_page_path, shipped_record_path

STUDY = "NCT04062006"
RECORD, PAGE = shipped_record_path(STUDY), shipped_page_path(STUDY)
Command = Callable[..., Answer]
DECISION = ("--by", "Li Wei, investigator", "--reason", "the arm text is the later one", "--on", "2026-11-24")


def answered(command: str, answer: Answer) -> Any:
    """The JSON of an answer, checked against its described shape."""
    value = json.loads(answer.out)
    ANSWERS[command].model_validate(value, strict=False)
    return value


def test_add_says_what_became_of_each_record(trialrun: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"protocolSection": ', encoding="utf-8")
    said = trialrun("add", RECORD, bad, "--json")
    value = answered("add", said)
    assert (value["added"], value["updated"], value["unchanged"]) == (1, 0, 0)
    assert value["rejected"][0]["source"].startswith(f"{bad}:1")
    again = answered("add", trialrun("add", RECORD, "--json"))
    assert (again["added"], again["unchanged"]) == (0, 1)


def test_a_page_added_later_does_not_replace_the_record(trialrun: Command) -> None:
    trialrun("add", RECORD)
    value = answered("add", trialrun("add", PAGE, "--json"))
    assert (value["updated"], value["older"]) == (0, 1)
    assert trialrun("check", STUDY, "--on", "2026-11-24").code == 0
    assert "0 added, 0 updated, 2 unchanged" in trialrun("add", PAGE, RECORD).out


def test_add_in_words_names_each_rejected_file(trialrun: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html></html>", encoding="utf-8")
    said = trialrun("add", RECORD, page)
    assert "1 added" in said.out and "page.html" in said.err and "HTML" in said.err


def test_show_answers_in_the_readers_order(trialrun: Command) -> None:
    said = trialrun("show", STUDY).out
    headings = ["Can I join", "What is done", "How it is measured", "Who may join", "By whom", "Where"]
    places = [said.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)
    assert "Unknown (derived by the registry's rule since 2021-10-01; last registered: Not yet recruiting" in " ".join(
        said.split()
    )
    assert "1 x 10^6 IU/m2" in said
    assert "not endorsed" in " ".join(said.split())


def test_show_of_a_page_says_that_its_status_cannot_be_recomputed(trialrun: Command) -> None:
    trialrun("add", PAGE)
    said = " ".join(trialrun("show", STUDY).out.split())
    assert "as stated, not recomputable" in said


def test_show_as_json_is_the_record_itself(trialrun: Command) -> None:
    value = json.loads(trialrun("show", STUDY, "--json").out)
    assert value == json.loads(RECORD.read_text(encoding="utf-8"))


def test_draft_writes_a_file_that_checks(trialrun: Command, tmp_path: Path) -> None:
    target = tmp_path / "study.yaml"
    value = answered("draft", trialrun("draft", RECORD, PAGE, "-o", target, "--json"))
    assert value["file"] == str(target)
    assert value["coverage"]["read"] == value["coverage"]["elements"] > 0
    assert {row["path"] for row in value["provenance"]} >= {"title"}
    checked = answered("check", trialrun("check", target, "--json"))
    assert checked["hash"] == value["hash"]


def test_draft_never_overwrites_unasked(trialrun: Command, tmp_path: Path) -> None:
    target = tmp_path / "study.yaml"
    target.write_text("mine", encoding="utf-8")
    said = trialrun("draft", STUDY, "-o", target)
    assert said.code == 3 and "exists already" in said.err
    assert target.read_text(encoding="utf-8") == "mine"
    assert trialrun("draft", STUDY, "-o", target, "--force").code == 0


def test_draft_prints_the_file_where_none_is_named(trialrun: Command, tmp_path: Path) -> None:
    said = trialrun("draft", STUDY)
    again = tmp_path / "again.yaml"
    again.write_text(said.out, encoding="utf-8")
    assert said.out.startswith("#") or said.out.startswith("format:")
    assert trialrun("check", again).code in (0, 1)


def test_check_of_the_founding_study(trialrun: Command) -> None:
    said = trialrun("check", STUDY, "--on", "2026-11-24", "--json")
    value = answered("check", said)
    assert said.code == 0
    assert value["errors"] == []
    assert {row["recorded_as"] for row in value["warnings"]} >= {"C1", "C2", "C3", "C4"}
    assert {row["id"] for row in value["open"]} >= {"C1", "Q1", "A1"}
    assert trialrun("check", STUDY, "--strict").code == 1
    words = " ".join(trialrun("check", STUDY).out.split())
    assert "1,000,000 IU per m2 in this file, but One million units in the words below 'says' (C1, undecided)" in words


def test_check_of_a_file_that_does_not_load(trialrun: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(shipped_text(STUDY).replace("route: subcutaneous", "ruote: subcutaneous"), encoding="utf-8")
    said = trialrun("check", broken)
    assert said.code == 3
    assert f"{broken}:49:5: 'ruote' is not a key here" in said.err
    assert "Did you mean 'route'?" in said.err and "^^^^^" in said.err
    value = answered("check", trialrun("check", broken, "--json"))
    assert (value["errors"][0]["id"], value["errors"][0]["line"], value["errors"][0]["column"]) == ("LOAD", 49, 5)


def test_decide_then_schedule_gives_amounts(trialrun: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    said = trialrun("decide", STUDY, "C1", "--use", "per m2", *DECISION, "-o", mine, "--json")
    value = answered("decide", said)
    assert (value["use"], value["decided_by"]) == ("per m2", "Li Wei, investigator")
    assert "# there is no day 0" in mine.read_text(encoding="utf-8")
    words = ("schedule", mine, "--start", "2026-12-07", "--height", "165", "--weight", "62")
    held_back = answered("schedule", trialrun(*words, "--json"))["doses"]
    assert {(row["amount"], row["unit"], *row["blocked_by"]) for row in held_back} == {(None, None, "Q22", "A3")}
    printed = " ".join(trialrun(*words).out.split())
    assert "No amount shown: Q22 and A3 are undecided. It would be 1,700,000 IU if Q22 and A3 were decided" in printed
    assert "Each dose" not in printed
    for key, use in (("Q22", "the sponsor's product sheet"), ("A3", "as written")):
        assert trialrun("decide", mine, key, "--use", use, *DECISION).code == 0
    plan = answered("schedule", trialrun(*words, "--json"))
    assert {(row["amount"], row["unit"]) for row in plan["doses"]} == {(1_700_000.0, "IU")}


def test_decide_refuses_nobody_and_unknown_choices(trialrun: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(shipped_text(STUDY), encoding="utf-8")
    before = mine.read_bytes()
    unknown = trialrun("decide", mine, "C1", "--use", "half", *DECISION)
    assert unknown.code == 3 and "per m2" in unknown.err
    assert trialrun("decide", mine, "C9", "--use", "x", *DECISION).code == 3
    assert trialrun("decide", mine, "C1", "--use", "flat", "--by", "nobody yet", "--reason", "x").code == 2
    assert mine.read_bytes() == before


def test_decide_accepts_a_finding(trialrun: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(shipped_text(STUDY), encoding="utf-8")
    value = answered("decide", trialrun("decide", mine, "L44", "--use", "accepted", *DECISION, "--json"))
    assert (value["id"], value["kind"], value["decided_by"]) == ("L44", "finding", "Li Wei, investigator")
    rows = answered("check", trialrun("check", mine, "--json"))["warnings"]
    assert [row["accepted"] for row in rows if row["id"] == "L44"] == [True]


def _mine(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The founding study's file with texts changed."""
    text = shipped_text(STUDY)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    mine = tmp_path / "mine.yaml"
    mine.write_text(text, encoding="utf-8")
    return mine


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("L99", "there is no check 'L99'"),
        ("L01", "L01 finds nothing here"),
        ("L14 calender", "Did you mean 'calendar'?"),
        ("L14 visits", "Known: calendar."),
        ("L13", "Decide the row that records it: C3"),
    ],
)
def test_decide_accepts_only_what_is_found_and_can_be_accepted(
    trialrun: Command, tmp_path: Path, finding: str, said: str
) -> None:
    mine = _mine(tmp_path)
    before = mine.read_bytes()
    answer = trialrun("decide", mine, finding, "--use", "accepted", *DECISION)
    assert (answer.code, answer.out) == (3, "") and said in answer.err
    assert mine.read_bytes() == before


def test_what_keeps_a_study_from_being_run_cannot_be_accepted_away(trialrun: Command, tmp_path: Path) -> None:
    mine = _mine(tmp_path, ("      formula: Mosteller [A3]\n", ""))
    said = trialrun("decide", mine, "L22", "--use", "accepted", *DECISION)
    assert said.code == 3 and "has to be mended" in said.err
    assert "    body size:\n      formula: Mosteller" in said.err
    written = mine.read_text(encoding="utf-8")
    by_hand = 'accepted:\n  L22:\n    by: Li Wei, investigator\n    on: 2026-11-24\n    reason: "x"\n'
    mine.write_text(f"{written}\n{by_hand}", encoding="utf-8")
    checked = answered("check", trialrun("check", mine, "--json"))
    assert [row["id"] for row in checked["errors"]] == ["L22"]


def test_an_unrecorded_contradiction_comes_with_the_row_to_write(trialrun: Command, tmp_path: Path) -> None:
    drafted = tmp_path / "drafted.yaml"
    trialrun("draft", RECORD, "-o", drafted)
    said = trialrun("decide", drafted, "L13", "--use", "accepted", *DECISION)
    assert said.code == 3 and "is a contradiction and cannot be accepted" in said.err
    start = said.err.index("  C9:")
    row = said.err[start:].replace("C9:", "C2:")
    text = drafted.read_text(encoding="utf-8")
    drafted.write_text(text.replace("decisions:\n", f"decisions:\n{row}    decided by: nobody yet\n"), encoding="utf-8")
    rows = answered("check", trialrun("check", drafted, "--json"))["warnings"]
    assert {row["recorded_as"] for row in rows if row["id"] == "L13"} == {"C2"}


def test_a_study_that_cannot_be_planned_is_not_called_without_errors(trialrun: Command, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    interventions = [{"type": "DRUG", "name": "Examplin"}]
    section = {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A title"},
        "armsInterventionsModule": {"interventions": interventions},
        "outcomesModule": {"primaryOutcomes": [{"measure": "Pain score", "timeFrame": "week 12"}]},
    }
    record.write_text(json.dumps({"protocolSection": section}), encoding="utf-8")
    drafted = tmp_path / "drafted.yaml"
    trialrun("draft", record, "-o", drafted)
    said = trialrun("check", drafted)
    value = answered("check", trialrun("check", drafted, "--json"))
    assert said.code == 1
    assert {"L19", "L56"} <= {row["id"] for row in value["errors"]}


def test_a_decision_against_the_proposal_says_which_lines_still_follow_it(trialrun: Command, tmp_path: Path) -> None:
    mine = _mine(tmp_path)
    lines = mine.read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, 1) if "[Q14]" in line and "such as" not in line]
    said = " ".join(trialrun("decide", mine, "Q14", "--use", "Tuesday", *DECISION).out.split())
    assert f"Lines {', '.join(map(str, marked))} with the mark [Q14] stay as they are" in said
    rows = answered("check", trialrun("check", mine, "--json"))["warnings"]
    assert [row["line"] for row in rows if row["id"] == "L57"] == marked
    again = answered("decide", trialrun("decide", mine, "Q14", "--use", "Sunday", *DECISION, "--again", "--json"))
    assert again["unchanged"] == marked
    assert "nothing else in the file changes" in trialrun("decide", mine, "Q8", "--use", "the usual", *DECISION).out
    assert "not the proposal" not in trialrun("decide", mine, "A1", "--use", "proposal", *DECISION).out


def test_the_convention_of_weeks_is_set_by_its_decision(trialrun: Command, tmp_path: Path) -> None:
    mine = _mine(tmp_path)
    assert trialrun("decide", mine, "Q12", "--use", "day 6n", *DECISION).code == 3
    assert trialrun("decide", mine, "q12 ", "--use", "day 7n", *DECISION).code == 0
    assert "week n: day 7n [Q12]" in mine.read_text(encoding="utf-8")
    checked = answered("check", trialrun("check", mine, "--json"))
    assert "L15" in {row["id"] for row in checked["warnings"]}


def test_checking_against_a_page_leaves_out_what_a_page_does_not_state(trialrun: Command) -> None:
    said = trialrun("check", STUDY, "--record", PAGE, "--on", "2026-11-24")
    assert said.code == 0 and "0 errors" in said.out
    assert "A record page states no dates and no outcomes" in said.out


def test_a_name_may_be_parted_from_its_role_by_any_comma(trialrun: Command, tmp_path: Path) -> None:
    words = ("--use", "flat", "--reason", "x", "-o")
    for number, name in enumerate(("李伟，研究者", "李伟、研究者")):
        assert trialrun("decide", STUDY, "C1", "--by", name, *words, tmp_path / f"{number}.yaml").code == 0


def test_the_json_of_a_file_that_does_not_load_has_the_order_of_one_that_does(
    trialrun: Command, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("nothing", encoding="utf-8")
    keys = [list(json.loads(trialrun("check", name, "--json").out)) for name in (broken, STUDY)]
    assert keys[0] == keys[1]


def test_the_shipped_study_is_not_changed_in_place(trialrun: Command) -> None:
    said = trialrun("decide", STUDY, "C1", "--use", "flat", *DECISION)
    assert said.code == 2 and "ships with the program" in said.err


def test_schedule_prints_a_calendar_to_pin_to_the_wall(trialrun: Command) -> None:
    said = trialrun("schedule", STUDY, "--start", "2026-12-07")
    lines = said.out.splitlines()
    assert "participant 001: day 1 is Mon 2026-12-07" in lines[0]
    assert "28 doses, 2 of them on closed days" in lines[1]
    assert "No amount shown: C1, Q22 and A3 are undecided; add --height and --weight." in lines
    assert "Tue 2026-12-08  day    2  dose 2" in lines
    assert max(map(len, lines)) <= 100


def test_schedule_writes_calendar_and_picture(trialrun: Command, tmp_path: Path) -> None:
    ics, svg = tmp_path / "visits-007.ics", tmp_path / "design.svg"
    words = ("schedule", STUDY, "--start", "2026-12-07", "--participant", "007", "--ics", ics, "--svg", svg)
    value = answered("schedule", trialrun(*words, "--json"))
    planned = {row["date"] for row in value["doses"] if row["state"] == "planned"}
    planned |= {row["date"] for row in value["visits"] if row["date"]}
    events = Calendar.from_ical(ics.read_bytes()).walk("VEVENT")
    assert {event.decoded("DTSTART").isoformat() for event in events} == planned
    first = ics.read_bytes()
    trialrun(*words)
    assert ics.read_bytes() == first
    assert svg.read_text(encoding="utf-8").startswith("<svg")


def test_schedule_does_not_replace_a_file_that_is_no_calendar(trialrun: Command, tmp_path: Path) -> None:
    mine = tmp_path / "notes.ics"
    mine.write_text("my notes", encoding="utf-8")
    said = trialrun("schedule", STUDY, "--start", "2026-12-07", "--ics", mine)
    assert said.code == 3 and mine.read_text(encoding="utf-8") == "my notes"


def test_no_output_destroys_a_file_that_is_not_an_earlier_one(trialrun: Command, tmp_path: Path) -> None:
    mine, course = tmp_path / "mine.yaml", tmp_path / "course.csv"
    mine.write_text(shipped_text(STUDY), encoding="utf-8")
    course.write_text("date,event,what,reason\n2026-12-07,given,dose 1,\n", encoding="utf-8")
    notes, picture = tmp_path / "notes.txt", tmp_path / "logo.svg"
    notes.write_text("my notes", encoding="utf-8")
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    before = {path: path.read_bytes() for path in (mine, course, notes, picture)}
    start = ("schedule", mine, "--start", "2026-12-07", "--course", course)
    for option in ("--svg", "--ics"):
        for path in before:
            said = trialrun(*start, option, path)
            assert said.code == 3 and "it is left as it is" in said.err and said.out == ""
    both = tmp_path / "both"
    assert trialrun(*start, "--ics", both, "--svg", both).code == 3
    for path in before:
        assert trialrun("schema", "-o", path).code == 3
    assert trialrun("draft", RECORD, "-o", RECORD, "--force").code == 3
    assert {path: path.read_bytes() for path in before} == before and not both.exists()


def test_earlier_outputs_of_a_command_are_brought_up_to_date(trialrun: Command, tmp_path: Path) -> None:
    svg, target = tmp_path / "design.svg", tmp_path / "protocol.schema.json"
    for _ in range(2):
        assert trialrun("schedule", STUDY, "--start", "2026-12-07", "--svg", svg).code == 0
        assert trialrun("schema", "-o", target).code == 0


def test_a_calendar_belongs_to_one_participant(trialrun: Command, tmp_path: Path) -> None:
    ics = tmp_path / "visits-001.ics"
    words = ("schedule", STUDY, "--start", "2026-12-07", "--ics", ics)
    trialrun(*words)
    before = ics.read_bytes()
    said = trialrun(*words, "--participant", "002")
    assert said.code == 3 and "visits-001.ics: this calendar belongs to participant 001" in said.err
    assert ics.read_bytes() == before


def test_advice_for_a_name_that_is_taken_fits_the_command(trialrun: Command, tmp_path: Path) -> None:
    taken = tmp_path / "taken.yaml"
    taken.write_text("mine", encoding="utf-8")
    assert "--force" in trialrun("draft", STUDY, "-o", taken).err
    said = trialrun("decide", STUDY, "C1", "--use", "flat", *DECISION, "-o", taken)
    assert said.code == 3 and "Choose another name" in said.err and "--force" not in said.err


def test_schedule_follows_a_real_course(trialrun: Command, tmp_path: Path) -> None:
    course = tmp_path / "course.csv"
    course.write_text("date,event,what,reason\n2026-12-07,given,dose 1,\n2026-12-09,missed,dose 3,fever\n")
    value = answered("schedule", trialrun("schedule", STUDY, "--start", "2026-12-07", "--course", course, "--json"))
    assert [row["state"] for row in value["doses"][:3]] == ["given", "not recorded", "missed"]


def test_the_first_lines_say_how_far_the_participant_is(trialrun: Command, tmp_path: Path) -> None:
    course = tmp_path / "course.csv"
    rows = [f"2026-12-{day:02},given,dose {n}," for n, day in enumerate((7, 8, 9, 10), 1)]
    rows += ["2026-12-11,missed,dose 5,fever", "2026-12-14,held,,ALT", "2026-12-16,restarted,,"]
    course.write_text("\n".join(["date,event,what,reason", *rows]), encoding="utf-8")
    said = trialrun("schedule", STUDY, "--start", "2026-12-07", "--course", course).out.splitlines()
    assert said[1] == "28 doses: 4 given, 1 missed, 2 held, 2 on closed days, 19 to come; 8 visits with a date"
    assert said[2] == "Next: dose 8 of rhIL-2 on Wed 2026-12-16; week 2 on Mon 2026-12-21"
    assert said[3].startswith("Provisional: the public holidays of 2027")


def test_days_of_a_year_without_holidays_are_marked(trialrun: Command, tmp_path: Path) -> None:
    ics = tmp_path / "visits.ics"
    said = trialrun("schedule", STUDY, "--start", "2026-12-07", "--ics", ics).out.splitlines()
    assert "Fri 2027-02-12  day   68  dose 26 (provisional: holidays)" in said
    assert "Thu 2026-12-31  day   25  dose 19" in said
    for event in Calendar.from_ical(ics.read_bytes()).walk("VEVENT"):
        unsure = event.decoded("DTSTART").year == 2027
        assert ("Provisional: the public holidays" in str(event.get("DESCRIPTION", ""))) == unsure


def test_months_are_a_wall_calendar_without_notes(trialrun: Command) -> None:
    lines = trialrun("schedule", STUDY, "--start", "2026-12-07", "--months").out.splitlines()
    start = lines.index("December 2026")
    assert lines[start + 1].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert lines[start + 3].startswith(" 7 BASELINE   8 dose 2     9 dose 3    10 dose 4    11 dose 5    12")
    assert lines[start + 4] == "   dose 1"
    assert "February 2027  (provisional: holidays)" in lines
    assert max(map(len, lines)) <= 100
    assert not any("Q14" in line or "hash" in line for line in lines)


def test_what_makes_the_whole_plan_doubtful_stands_above_the_calendar(trialrun: Command) -> None:
    said = trialrun("schedule", STUDY, "--start", "2026-12-05", "--height", "62", "--weight", "165")
    head = " ".join(said.out.partition("\nCalendar\n")[0].split())
    assert "WARNING: Day 1 is a Sat; the protocol says Mon." in head
    assert "WARNING: Day 1 is a closed day" in head
    assert "WARNING: Check the body size: height 62 cm and weight 165 kg" in head and "look swapped" in head
    assert said.out.count("Day 1 is a Sat") == 1
    assert "WARNING" not in trialrun("schedule", STUDY, "--start", "2026-12-07").out


def test_the_arms_to_choose_from_can_be_pasted(trialrun: Command, tmp_path: Path) -> None:
    arm = "arms:\n  IL2:\n"
    mine = _mine(tmp_path, (arm, "arms:\n  Placebo (it's blind):\n    name: Placebo\n  IL2:\n"))
    said = trialrun("schedule", mine, "--start", "2026-12-07")
    assert said.code == 2
    options = [line.strip() for line in said.err.splitlines() if line.startswith("    --arm ")]
    assert [shlex.split(line)[1] for line in options] == ["Placebo (it's blind)", "IL2"]
    assert trialrun("schedule", mine, "--start", "2026-12-07", *shlex.split(options[0])).code == 0


@pytest.mark.parametrize(("path", "kind"), [(RECORD, "a registry record"), (PAGE, "the text of a record page")])
def test_a_record_is_not_read_as_a_broken_protocol(trialrun: Command, path: Path, kind: str) -> None:
    for words in (("check", path), ("schedule", path, "--start", "2026-12-07")):
        said = trialrun(*words)
        assert said.code == 3 and f"is {kind}, not a protocol file" in said.err
        assert f"trialrun draft {path} -o study.yaml" in said.err and len(said.err.splitlines()) == 2


def test_a_file_of_several_records_says_which_and_what_to_do(trialrun: Command, tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    numbers = [f"NCT0000000{number}" for number in range(1, 8)]
    lines = [json.dumps({"protocolSection": {"identificationModule": {"nctId": number}}}) for number in numbers]
    many.write_text("\n".join(lines), encoding="utf-8")
    said = trialrun("draft", many)
    assert said.code == 3
    assert f"holds several records: {', '.join(numbers[:5])}, …" in said.err and f"trialrun add {many}" in said.err


def test_a_number_may_be_written_in_any_case_with_spaces_around_it(trialrun: Command) -> None:
    for words in (("show", " nct04062006 "), ("check", "nct04062006 "), ("draft", "NCT04062006 ")):
        assert trialrun(*words).code == 0


def test_a_draft_counts_what_the_record_does_not_state_at_all(trialrun: Command) -> None:
    value = answered("draft", trialrun("draft", PAGE, "--json"))
    assert value["coverage"]["read"] < value["coverage"]["elements"]
    assert "outcomes: no outcome is stated" in value["problems"]
    assert "%" not in trialrun("draft", PAGE).err.rpartition("Read: ")[2].splitlines()[0]


def test_a_drafted_activity_has_a_whole_phrase_or_a_short_name(trialrun: Command, tmp_path: Path) -> None:
    drafted = tmp_path / "drafted.yaml"
    trialrun("draft", RECORD, "-o", drafted)
    protocol = load_text(drafted.read_text(encoding="utf-8")).protocol
    assert "S3 assessment" in protocol.activities
    whole = {re.sub(r"\W", "", endpoint.says) for endpoint in protocol.objectives.endpoints.values()}
    assert all(name.endswith(" assessment") or re.sub(r"\W", "", name) in whole for name in protocol.activities)


def test_a_status_is_not_told_twice(trialrun: Command, tmp_path: Path) -> None:
    value = json.loads(RECORD.read_text(encoding="utf-8"))
    value["protocolSection"]["statusModule"] |= {"overallStatus": "NOT_YET_RECRUITING", "lastKnownStatus": None}
    record = tmp_path / "record.json"
    record.write_text(json.dumps(value), encoding="utf-8")
    said = " ".join(trialrun("show", record).out.split())
    assert "last registered: Not yet recruiting)" in said and "still states" not in said


def test_schema_is_json(trialrun: Command, tmp_path: Path) -> None:
    target = tmp_path / "protocol.schema.json"
    assert trialrun("schema", "-o", target).code == 0
    assert json.loads(target.read_text(encoding="utf-8")) == json.loads(trialrun("schema").out)


@pytest.mark.parametrize("command", [command.__name__ for command in COMMANDS])
def test_help_names_things_as_they_are_typed(trialrun: Command, command: str) -> None:
    said = trialrun(command, "--help").out
    assert not re.search(r"\b(?:NCT|FILE|ITEM) --|default: False|Not used by this command", said)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("shedule", STUDY), 2, "schedule"),
        (("schedule", STUDY), 2, "start"),
        (("schedule", STUDY, "--start", "2026-02-30"), 2, "does not exist in the calendar"),
        (("schedule", STUDY, "--start", "7.12.2026"), 2, "2026-12-07"),
        (("schedule", STUDY, "--start", "2026-12-07", "--height", "1.65", "--weight", "62"), 2, "outside 40 to 260 cm"),
        (("schedule", STUDY, "--start", "2026-12-07", "--height", "165"), 2, "belong together"),
        (("schedule", STUDY, "--start", "2026-12-07", "--arm", "B"), 3, "Arms: IL2"),
        (("schedule", STUDY, "--start", "2026-12-07", "--participant", "Li Wei"), 2, "no participant's number"),
        (("show", "NCT99999999"), 3, "trialrun add FILE"),
        (("show", "NCT99999999"), 3, "https://clinicaltrials.gov/api/v2/studies/NCT99999999"),
        (("check", "NCT99999999"), 3, "trialrun draft NCT99999999 -o study.yaml"),
        (("show", "lupus"), 3, "no NCT number"),
        (("check", "NCT0406206"), 3, "Did you mean 'NCT04062006'?"),
        (("check", STUDY, "--on", "today"), 2, "--on"),
        (("add",), 2, "a file or a folder"),
        (("show",), 2, "show needs the number of a trial, or a file with its record\n  See: trialrun show --help"),
        (("check",), 2, "check needs a protocol file"),
        (("schedule", STUDY), 2, "schedule needs the date of day 1: --start 2026-12-07"),
        (("schedule", STUDY, "--start"), 2, "--start needs a value, the date of day 1"),
        (("schedule", STUDY, "--start", "2026-12-07", "--height", "tall"), 2, "--height: 'tall' is not a number"),
        (("show", STUDY, "--jsn"), 2, "show has no option --jsn. Did you mean --json?"),
        (("check", STUDY, "more"), 2, "check has no use for 'more'"),
        (("decide", STUDY, "C1"), 2, "decide needs the choice: --use proposal"),
        (("add", "nowhere.json"), 3, "nowhere.json"),
        (("draft",), 2, "needs a record"),
    ],
)
def test_errors_say_what_was_received_and_what_to_do(
    trialrun: Command, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = trialrun(*words)
    assert answer.code == code
    assert said in answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
