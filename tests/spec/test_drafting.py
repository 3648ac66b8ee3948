"""What is read from registry prose, what is left unread, and how several sources become one draft."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from trialrun.errors import InputError
from trialrun.protocol.draft.assemble import Draft, draft
from trialrun.protocol.draft.sources import Source
from trialrun.protocol.prose.doses import find_doses
from trialrun.protocol.prose.regimens import read_regimen
from trialrun.protocol.prose.routes import find_routes
from trialrun.protocol.prose.timeframes import read_time_frame
from trialrun.registry.record import Record
from trialrun.registry.shipped import shipped_page_path, shipped_record

# Words; then days, length of the cycle, number of cycles, times a day.
REGIMENS: list[tuple[str, str, int | None, int | None, int]] = [
    (
        "five days per week for 4 weeks (day1-5, 8-12, 15-19, 22-26) and then once a week for 8 weeks "
        "(day33, 40, 47, 54, 61, 68, 75, 82)",
        "1-5, 8-12, 15-19, 22-26; 33, 40, 47, 54, 61, 68, 75, 82",
        None,
        None,
        1,
    ),
    ("10 mg/kg every 2 weeks", "every 14 from 1", None, None, 1),
    ("every two weeks for 12 weeks", "every 14 from 1 to 71", None, None, 1),
    ("every 2 weeks for 6 doses", "every 14 from 1 to 71", None, None, 1),
    ("75 mg/m² every 21 days", "every 21 from 1", None, None, 1),
    ("q2w", "every 14 from 1", None, None, 1),
    ("q3w for 6 cycles", "every 21 from 1 to 106", None, None, 1),
    ("every other day for 10 days", "every 2 from 1 to 9", None, None, 1),
    ("on days 1, 8 and 15 of each 21-day cycle", "1, 8, 15", 21, None, 1),
    ("on days 1, 8, and 15 of a 28 day cycle for 6 cycles", "1, 8, 15", 28, 6, 1),
    ("Days 1-5 of every 3-week cycle, up to 4 cycles", "1-5", 21, 4, 1),
    ("days 1 to 14 of a 21-day cycle, twice daily", "1-14", 21, None, 2),
    ("days 1 and 15", "1, 15", None, None, 1),
    ("Days 1 through 14", "1-14", None, None, 1),
    ("once on day 1 and once on day 29", "1; 29", None, None, 1),
    ("weekly", "every 7 from 1", None, None, 1),
    ("once weekly for 4 weeks", "every 7 from 1 to 22", None, None, 1),
    ("once a week for 8 weeks", "every 7 from 1 to 50", None, None, 1),
    ("weekly for 1 week", "1", None, None, 1),
    ("50 mg orally twice daily", "every 1 from 1", None, None, 2),
    ("50 mg twice daily for 28 days", "every 1 from 1 to 28", None, None, 2),
    ("BID for 14 days", "every 1 from 1 to 14", None, None, 2),
    ("three times a day for 2 weeks", "every 1 from 1 to 14", None, None, 3),
    ("75 mg once daily for 12 weeks", "every 1 from 1 to 84", None, None, 1),
    ("every day for 7 days", "every 1 from 1 to 7", None, None, 1),
    ("a single dose of 300 mg", "1", None, None, 1),
    ("a single intravenous infusion", "1", None, None, 1),
]


@pytest.mark.parametrize(("words", "days", "cycle", "cycles", "times"), REGIMENS, ids=[row[0][:50] for row in REGIMENS])
def test_dosing_days_are_read(words: str, days: str, cycle: int | None, cycles: int | None, times: int) -> None:
    found = read_regimen(words)
    assert found is not None
    assert (str(found.days), found.cycle_days, found.cycles, found.times_a_day) == (days, cycle, cycles, times)
    assert words[found.start : found.end] == found.text


def test_the_words_about_frequency_are_counted_for_comparison_with_the_named_days() -> None:
    found = read_regimen(REGIMENS[0][0])
    assert found is not None
    assert len(found.days) == 28
    assert found.words_count == 28


UNREAD_REGIMENS = [
    "three times a week",  # which days is not said
    "twice weekly for 6 weeks",
    "five days per week for 4 weeks",
    "every 2 to 4 weeks",
    "every 2-4 weeks",
    "every 12 hours",
    "every 8 hours for 5 days",
    "every 6 months",
    "monthly",
    "biweekly",
    "every 2 weeks for 2 months",
    "day 1",
    "day 0, 14 and 28",
    "weeks 0, 2 and 6",
    "days 1 and 8 or days 1 and 15",
    "days 1-14 every 3 weeks",
    "days 1, 8, 15 of each cycle",
    "days 15, 8 and 1 of each 21-day cycle",
    "days 1, 8 and 22 of each 21-day cycle",
    "on day 1, repeated every 21 days",
    "100 mg daily for 2 weeks, then 200 mg daily",
    "100 mg daily as needed",
    "once daily on weekdays",
    "daily except Sundays",
    "daily for a week",
    "daily x 5",
    "daily for 5 days every 4 weeks",
    "3 doses every 2 weeks",
    "two doses given 3 weeks apart",
    "every 3 weeks until progression",
    "loading dose, then weekly",
    "assessed on days 1, 8 and 15",
    "visits at days 1, 14, 28",
    "every 0 weeks",
    "weekly for 0 weeks",
    "given at bedtime",
    "",
]


@pytest.mark.parametrize("words", UNREAD_REGIMENS)
def test_words_that_allow_several_readings_give_no_days(words: str) -> None:
    assert read_regimen(words) is None


DOSES = [
    ("at a dose of 1 x 10~6 IU/m2 five days", ["1,000,000 IU per m2"]),
    ("1 x 10^6 IU/m2", ["1,000,000 IU per m2"]),
    ("One million units of rhIL-2", ["1,000,000 U"]),
    ("1.5 million IU", ["1,500,000 IU"]),
    ("75 mg/m²", ["75 mg per m2"]),
    ("40 mg per square meter", ["40 mg per m2"]),
    ("5 mg per kilogram", ["5 mg per kg"]),
    ("8 mg/kg body weight", ["8 mg per kg"]),
    ("10 mg/kg/dose", ["10 mg per kg"]),
    ("100mg", ["100 mg"]),
    ("1,000 mg", ["1,000 mg"]),
    ("50 mcg", ["50 ug"]),
    ("a 100-mg dose", ["100 mg"]),
    ("IL-2 30 mg", ["30 mg"]),
    ("100 mg x 7 days", ["100 mg"]),
    ("1 x 10^9 cells/kg", ["1,000,000,000 cells per kg"]),
    ("300 mg (150 mg x 2)", ["300 mg"]),
    ("100 mg or 200 mg", ["100 mg", "200 mg"]),
]
NO_DOSES = [
    "10 mg/dL", "5 mL/min", "100 mg/mL", "200 mg/5 mL", "10 mg per tablet", "60 mg/day/m2", "2 x 150 mg", "150 mg x 2",
    "two 20 mg tablets", "< 10 mg", "≤ 10 mg", "up to 40 mg", "maximum of 400 mg", "total dose of 60 Gy", "at least 5 mg",
    "100 or 200 mg", "100, 200 or 400 mg", "0,5 mg", "AUC 5", "12 weeks", "grams", "",
]  # fmt: skip


@pytest.mark.parametrize(("words", "wanted"), DOSES, ids=[words for words, _ in DOSES])
def test_doses_are_read(words: str, wanted: list[str]) -> None:
    found = find_doses(words)
    assert [str(dose.dose) for dose in found] == wanted
    assert all(words[dose.start : dose.end].strip() == dose.text.strip() for dose in found)


@pytest.mark.parametrize("words", NO_DOSES)
def test_concentrations_limits_totals_and_strengths_are_no_doses(words: str) -> None:
    assert find_doses(words) == ()


@pytest.mark.parametrize(
    ("words", "high", "low", "per_day"),
    [
        ("2-5 mg/kg", "5 mg per kg", "2", False),
        ("2 to 5 mg", "5 mg", "2", False),
        ("100 mg/day", "100 mg", None, True),
        ("5 mg/kg per day", "5 mg per kg", None, True),
        ("100 mg per dose", "100 mg", None, False),
    ],
)
def test_a_range_and_an_amount_per_day_are_told_from_a_dose(
    words: str, high: str, low: str | None, per_day: bool
) -> None:
    (found,) = find_doses(words)
    assert (str(found.dose), None if found.low is None else str(found.low), found.per_day) == (high, low, per_day)


ROUTES = [
    ("injected subcutaneously", ["subcutaneous"]),
    ("s.c.", ["subcutaneous"]),
    ("IV over 30 minutes", ["intravenous"]),
    ("intramuscular (IM) injection", ["intramuscular", "intramuscular"]),
    ("by mouth", ["oral"]),
    ("oral and IV", ["oral", "intravenous"]),
    ("inhaled", ["inhaled"]),
    ("nasal spray", ["intranasal"]),
    ("an injection", []),
    ("stage IV disease", []),
    ("grade III/IV toxicity", []),
    ("NYHA class II or IV", []),
    ("stages IIIB, IV", []),
    ("oral glucose tolerance", []),
    ("oral contraceptives", []),
    ("rectal cancer", []),
    ("im Knie", []),
    ("SCID mice", []),
]


@pytest.mark.parametrize(("words", "wanted"), ROUTES, ids=[words for words, _ in ROUTES])
def test_routes_are_read(words: str, wanted: list[str]) -> None:
    assert [found.route for found in find_routes(words)] == wanted


# Words; points of measurement; the end of a span; whether a baseline is named.
FRAMES: list[tuple[str, list[str], str | None, bool]] = [
    ("week 12", ["week 12"], None, False),
    ("week12 and 24", ["week 12", "week 24"], None, False),
    ("wee12 and 24", ["week 12", "week 24"], None, False),
    ("from week 0 to week 12 and 24", ["week 12", "week 24"], None, True),
    ("Weeks 4, 8, 12", ["week 4", "week 8", "week 12"], None, False),
    ("12 weeks, 24 weeks and 52 weeks", ["week 12", "week 24", "week 52"], None, False),
    ("Week 12, Month 6 and Month 12", ["week 12", "month 6", "month 12"], None, False),
    ("Months 1, 3, 6, year 1", ["month 1", "month 3", "month 6", "year 1"], None, False),
    ("baseline, 6 and 12 months", ["month 6", "month 12"], None, True),
    ("At 3, 6, and 12 months after surgery", ["month 3", "month 6", "month 12"], None, False),
    ("five years", ["year 5"], None, False),
    ("12-week", ["week 12"], None, False),
    ("Day 28", ["day 28"], None, False),
    ("up to 24 weeks", [], "week 24", False),
    ("within 30 days", [], "day 30", False),
    ("Days 1-28", ["day 1"], "day 28", False),
    ("every 3 months", [], None, False),
    ("an average of 1 year", [], None, False),
    ("through study completion, an average of 1 year", [], None, False),
    ("30 days after the last dose", [], None, False),
    ("6 months following completion of treatment", [], None, False),
    ("14 days before surgery", [], None, False),
    ("Week -1", [], None, False),
    ("1.5 years", [], None, False),
    ("12", [], None, False),
    ("", [], None, False),
]


@pytest.mark.parametrize(("words", "points", "last", "baseline"), FRAMES, ids=[row[0] or "nothing" for row in FRAMES])
def test_time_frames_are_read(words: str, points: list[str], last: str | None, baseline: bool) -> None:
    found = read_time_frame(words)
    assert [str(moment) for moment in found.points] == points
    assert (None if found.last is None else str(found.last), found.baseline) == (last, baseline)


def test_a_time_frame_longer_than_any_is_left_unread_at_once() -> None:
    assert read_time_frame("days " + "1, " * 20_000).moments == ()


def test_white_space_without_end_is_read_at_once() -> None:
    words = "1" + " " * 100_000 + "mg"
    assert [str(found.dose) for found in find_doses(words)] == ["1 mg"]
    assert find_doses("1" + " " * 100_000 + "apples") == ()


def study(description: str | None, *, name: str = "Examplin", **modules: Any) -> dict[str, Any]:
    drug: dict[str, Any] = {"type": "DRUG", "name": name}
    if description is not None:
        drug["description"] = description
    return {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A study"},
            "armsInterventionsModule": {"interventions": [drug]},
            **modules,
        }
    }


def drafted(*values: dict[str, Any]) -> Draft:
    return draft([Source(Record.from_json(value), f"source {n}") for n, value in enumerate(values, 1)])


def outcomes(*frames: str) -> dict[str, Any]:
    rows = [{"measure": f"Pain score {n}", "timeFrame": frame} for n, frame in enumerate(frames, 1)]
    return {"outcomesModule": {"primaryOutcomes": rows}}


def test_a_drug_s_sentence_becomes_dose_route_and_days() -> None:
    made = drafted(study("100 mg orally twice daily for 28 days"))
    drug = made.file.protocol.drugs["Examplin"]
    assert (str(drug.dose), drug.route, str(drug.days)) == ("100 mg", "oral", "every 1 from 1 to 28")
    assert "    days: every 1 from 1 to 28 [A1]  # S1 interventions[0].description\n" in made.text
    assert made.file.open_items()["A1"].asks == "Doses are counted from day 1, at the interval the text gives."
    assert {(drawn.path, drawn.text) for drawn in made.drawn} >= {
        ("drugs.Examplin.dose", "100 mg"),
        ("drugs.Examplin.route", "orally"),
        ("drugs.Examplin.days", "twice daily for 28 days"),
    }


UNREAD_DRUGS = [
    ("100 mg daily, increased to 200 mg daily", "which dose is given each time?"),
    ("titrated from 100 mg", "which dose is given each time?"),
    ("Examplin tablets", "which dose is given each time?"),
    ("2-5 mg/kg weekly", "which dose is given each time?"),
    ("100 mg/day in the morning and evening, twice daily", "which dose is given each time?"),
    ("100 mg three times a week", "on which days is it given?"),
]


@pytest.mark.parametrize(("words", "question"), UNREAD_DRUGS)
def test_what_is_not_read_becomes_a_question_and_stays_empty(words: str, question: str) -> None:
    made = drafted(study(words))
    drug = made.file.protocol.drugs["Examplin"]
    assert (drug.dose if "dose" in question else drug.days) is None
    asked = [row.asks for key, row in made.file.open_items().items() if key.startswith("Q")]
    assert f"drugs.Examplin: {question}" in asked


def test_one_amount_flat_and_per_body_size_is_a_conflict_with_a_proposal() -> None:
    made = drafted(study("100 mg/m2 weekly. Patients are given 100 mg."))
    (conflict,) = [row for key, row in made.file.open_items().items() if key.startswith("C")]
    assert conflict.asks == "drugs.Examplin: is the dose flat or per body size?"
    assert made.file.source.text.count("[C1]") == 1


def test_visits_come_from_the_time_frames_and_each_outcome_is_collected_there() -> None:
    made = drafted(study(None, **outcomes("week12 and 24", "baseline and 6 months", "30 days after last dose")))
    protocol = made.file.protocol
    assert list(protocol.visits) == ["screening", "baseline", "week 12", "week 24", "month 6"]
    endpoints = protocol.objectives.endpoints
    assert [list(endpoints[key].at) for key in ("P1", "P2", "P3")] == [["week 12", "week 24"], ["month 6"], []]
    assert "P3: no visit in the time frame '30 days after last dose'" in made.coverage.unread


# Arms, outcomes and criteria are looked for in every record; dose, route and days of each drug, visits of each outcome.
COVERAGES: list[tuple[str, dict[str, Any], int, int]] = [
    ("nothing read", study(None), 0, 6),
    ("dose, route and days", study("100 mg orally once daily"), 3, 6),
    ("criteria too", study("100 mg orally once daily", eligibilityModule={"eligibilityCriteria": "Adults"}), 4, 6),
    ("an outcome without a visit", study("100 mg orally once daily", **outcomes("as needed")), 4, 7),
    ("a device has no dose", {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}, 0, 3),
]


@pytest.mark.parametrize(("what", "value", "read", "elements"), COVERAGES, ids=[row[0] for row in COVERAGES])
def test_coverage_says_how_much_was_read_and_names_the_rest(
    what: str, value: dict[str, Any], read: int, elements: int
) -> None:
    made = drafted(value)
    assert (made.coverage.read, made.coverage.elements) == (read, elements)
    assert made.coverage.share == read / elements
    assert len(made.coverage.unread) == elements - read
    assert list(made.file.protocol.unread) == list(made.coverage.unread)


CRITERIA = "Inclusion Criteria:\n\n* Adults\n* One of:\n\n  * gout\n  * pain\n\nExclusion Criteria:\n\n* Age \\> 80"


def test_eligibility_is_carried_with_its_nesting() -> None:
    made = drafted(study(None, eligibilityModule={"eligibilityCriteria": CRITERIA}))
    rules = made.file.protocol.eligibility
    assert [(key, row.says) for key, row in rules.include.items()] == [("I1", "Adults"), ("I2", "One of:")]
    assert [(key, row.says) for key, row in rules.include["I2"].parts.items()] == [("I2.a", "gout"), ("I2.b", "pain")]
    assert [(key, row.says) for key, row in rules.exclude.items()] == [("E1", "Age > 80")]


def test_the_first_source_counts_and_the_others_fill_what_it_does_not_state() -> None:
    short = study(None, eligibilityModule={"eligibilityCriteria": "Adults"})
    long = study("100 mg orally once daily", **outcomes("week 4"), designModule={"enrollmentInfo": {"count": 40}})
    made = drafted(short, long)
    protocol = made.file.protocol
    assert str(protocol.drugs["Examplin"].dose) == "100 mg"
    assert protocol.eligibility.other["N1"].says == "Adults"
    where = {drawn.path: (drawn.source, drawn.field) for drawn in made.drawn}
    assert where["trial"] == ("S1", "nctId")
    assert where["drugs.Examplin.name"] == ("S1", "interventions[0].name")
    assert where["drugs.Examplin.dose"] == ("S2", "interventions[0].description")
    assert where["size.enrol"] == ("S2", "enrollmentInfo")
    assert where["objectives.endpoints.P1.says"] == ("S2", "outcome P1")
    assert where["visits.week 4"] == ("S2", "time frame of P1")
    assert where["eligibility.other.N1.says"][0] == "S1"
    assert "  enrol: 40  # S2 enrollmentInfo\n" in made.text
    assert "  S1: source 1\n  S2: source 2\n" in made.text


def test_what_two_sources_state_differently_is_a_conflict_and_the_first_one_s_words_stay() -> None:
    one = study("100 mg orally", designModule={"enrollmentInfo": {"count": 15}})
    other = study("200 mg orally", designModule={"enrollmentInfo": {"count": 20}})
    made = drafted(one, other)
    conflicts = {key: row for key, row in made.file.open_items().items() if key.startswith("C")}
    assert [row.asks for row in conflicts.values()] == [
        "Two sources differ in designModule.enrollmentInfo.count. Which is right?",
        "Two sources differ in armsInterventionsModule.interventions[0].description. Which is right?",
    ]
    assert list(conflicts["C1"].texts) == ["S1: 15", "S2: 20"]
    assert str(made.file.protocol.drugs["Examplin"].dose) == "100 mg"


def test_other_things_in_the_same_place_are_not_mixed() -> None:
    made = drafted(study(None, name="Examplin"), study("100 mg orally", name="Other drug"))
    assert list(made.file.protocol.drugs) == ["Examplin"]
    assert made.file.protocol.drugs["Examplin"].dose is None


def test_escapes_and_white_space_make_no_conflict() -> None:
    made = drafted(study("1 x 10\\~6 IU  daily"), study("1 x 10~6 IU daily"))
    assert [key for key in made.file.open_items() if key.startswith("C")] == []


def test_sources_of_different_trials_and_no_source_are_refused() -> None:
    other = study(None)
    other["protocolSection"]["identificationModule"]["nctId"] = "NCT00000002"
    with pytest.raises(InputError, match="source 2 is NCT00000002, but source 1 is NCT00000001"):
        drafted(study(None), other)
    with pytest.raises(InputError, match="a draft needs a record"):
        draft([])


def test_the_founding_study_drafts_its_28_days_and_asks_about_the_dose() -> None:
    record = shipped_record("NCT04062006")
    assert record is not None
    made = draft([Source(record, "record")])
    protocol = made.file.protocol
    drug = protocol.drugs["Interleukin-2"]
    assert drug.days is not None
    assert len(drug.days) == 28
    assert drug.route == "subcutaneous"
    assert [len(protocol.eligibility.include), len(protocol.eligibility.exclude)] == [6, 13]
    assert list(protocol.visits) == ["screening", "baseline", "week 12", "week 24"]
    assert len(protocol.objectives.endpoints) == 8
    asked = [row.asks for key, row in made.file.open_items().items() if key.startswith("C")]
    assert asked == ["drugs.Interleukin-2: is the dose flat or per body size?"]


def test_the_command_says_coverage_and_provenance(trialrun: Callable[..., Answer], tmp_path: Path) -> None:
    page = shipped_page_path("NCT04062006")
    out = tmp_path / "study.yaml"
    answer = trialrun("draft", page, "NCT04062006", "-o", out, "--json")
    assert answer.code == 0
    said = json.loads(answer.out)
    coverage = said["coverage"]
    assert coverage["read"] + len(said["problems"]) == coverage["elements"]
    assert coverage["share"] == coverage["read"] / coverage["elements"]
    sources = {row["path"]: row["source"] for row in said["provenance"]}
    assert (sources["title"], sources["objectives.endpoints.P1.says"]) == ("S1", "S2")
    assert [row["id"] for row in said["open"] if row["kind"] == "conflict"] == ["C1", "C2"]
    assert "S2 outcome P1" in out.read_text(encoding="utf-8")
