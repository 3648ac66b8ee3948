"""Whole persons against the founding study: may join, may not, possible; promises; what each verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.people import (
    Case,
    all_items,
    case,
    diagnosis,
    drug,
    explained,
    given,
    item_of,
    lab,
    procedure,
    result,
    vaccine,
)
from trialrun.patients.person import Event, Sex, Status
from trialrun.protocol.load import ProtocolFile

ROWS = (
    diagnosis("M35.3", "2026-03-01"),
    drug("prednisone", "2026-08-10", dose=7.5),
    drug("methotrexate", "2026-03-01", dose=15, per_day=1 / 7),
    result("NYHA class", "I"),
    lab("creatinine", 0.9, "mg/dL"),
    lab("weight", 62, "kg"),
    lab("ALT", 30, "U/L", high=40),
    lab("AST", 30, "U/L", high=35),
    lab("total bilirubin", 10, "umol/L", high=20),
    procedure("chest X-ray", "2026-11-02"),
    result("HIV antibody", "Negative"),
    result("HCV antibody", "Negative"),
)
YES = ("I2.2", "I4.1", "I4.2", "I5")
NO = ("E3.e", "E4", "E5", "E6.a", "E7", "E10.a", "E10.b", "E10.c", "E11.b", "E11.c", "E12.a", "E12.b", "E12.c")
ANSWERS = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")}

ELIGIBLE = replace(case("all", "a woman who may join", "eligible", *ROWS), answers=ANSWERS)


@dataclass(frozen=True, slots=True)
class Whole:
    """The woman who may join, with one thing changed.

    Args:
        change: In words.
        standing: `eligible`, `possible` or `excluded`.
        because: Ids of the criteria against her, or of those nobody can answer.
        more: Rows beside hers.
        without: Words of the rows she lacks.
        person: Other facts.
        answers: Answers that differ; empty takes one away.
    """

    change: str
    standing: str
    because: tuple[str, ...] = ()
    more: tuple[Event, ...] = ()
    without: tuple[str, ...] = ()
    person: tuple[tuple[str, object], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.change} -> {self.standing}"

    def case(self) -> Case:
        """The whole case."""
        rows = tuple(row for row in ROWS if not {row.source_text, row.source_code} & set(self.without))
        said = {**ELIGIBLE.answers, **dict(self.answers)}
        kept = {item: word for item, word in said.items() if word}
        changed = replace(ELIGIBLE, rows=(*rows, *self.more), answers=kept)
        return replace(changed, **dict(self.person))  # type: ignore[arg-type]


WHOLE = [
    Whole("nothing changed", "eligible"),
    Whole("rituximab in October", "excluded", ("I3", "E1"), more=(given("rituximab", "2026-10-01"),)),
    Whole(
        "rituximab in October, entered in error",
        "eligible",
        more=(drug("rituximab", "2026-10-01", "2026-10-01", status=Status.ENTERED_IN_ERROR),),
    ),
    Whole("49 years old", "excluded", ("I1",), person=(("birth", "1976-11-25"),)),
    Whole("born some day of 1976", "possible", ("I1",), person=(("birth", "1976"),)),
    Whole("no diagnosis on record", "possible", ("I2",), without=("M35.3",)),
    Whole(
        "no diagnosis on record, the investigator makes it", "eligible", without=("M35.3",), answers=(("I2.1", "yes"),)
    ),
    Whole("does not meet the Nancy set", "excluded", ("I2",), answers=(("I2.2", "no"),)),
    Whole("no glucocorticoid: background therapy is not required", "eligible", without=("prednisone",)),
    Whole(
        "dose of prednisone raised to 12.5 mg last week",
        "excluded",
        ("I3", "E2"),
        more=(drug("prednisone", "2026-11-17", dose=5),),
    ),
    Whole("giant cell arteritis on record", "excluded", ("I5",), more=(diagnosis("M31.6", "2020-01-01"),)),
    Whole(
        "M31.5 for the polymyalgia", "excluded", ("I5",), without=("M35.3",), more=(diagnosis("M31.5", "2026-03-01"),)
    ),
    Whole("no consent", "excluded", ("I4",), answers=(("I4.1", "no"),)),
    Whole(
        "ALT above 3 x ULN last month, normal now", "eligible", more=(lab("ALT", 200, "U/L", high=40, on="2026-10-20"),)
    ),
    Whole("ALT above 3 x ULN today", "excluded", ("E3",), more=(lab("ALT", 200, "U/L", high=40, on="2026-11-24"),)),
    Whole("no bilirubin", "possible", ("E3",), without=("total bilirubin",)),
    Whole("no chest image", "possible", ("E7",), without=("chest X-ray",)),
    Whole("never tested for HIV", "possible", ("E8",), without=("HIV antibody",)),
    Whole("hepatitis C positive", "excluded", ("E8",), more=(result("HCV antibody", "Positive", "2019-01-01"),)),
    Whole("recombinant zoster vaccine last month", "eligible", more=(vaccine("Shingrix", "2026-10-20"),)),
    Whole(
        "zoster vaccine of unstated kind last month",
        "possible",
        ("E11",),
        more=(vaccine("zoster vaccine", "2026-10-20"),),
    ),
    Whole(
        "yellow fever vaccine last month", "excluded", ("E11",), more=(vaccine("yellow fever vaccine", "2026-10-20"),)
    ),
    Whole(
        "positive pregnancy test against the word", "excluded", ("E12",), more=(result("pregnancy test", "Positive"),)
    ),
    Whole("nobody asked about pregnancy", "possible", ("E12",), answers=(("E12.a", ""),)),
    Whole("a man, nobody asked about his partner", "possible", ("E13",), person=(("sex", Sex.MALE),)),
    Whole("a man without a fertile partner", "eligible", person=(("sex", Sex.MALE),), answers=(("E13.a", "no"),)),
    Whole(
        "a man who declines contraception",
        "excluded",
        ("E13",),
        person=(("sex", Sex.MALE),),
        answers=(("E13.a", "yes"), ("E13.b", "yes")),
    ),
    Whole("sex not recorded", "possible", ("E13",), person=(("sex", None),)),
    Whole(
        "the record covers nothing", "possible", ("I3", "I6", "E1", "E2", "E6", "E9", "E11"), person=(("covered", ()),)
    ),
    Whole(
        "an unmapped drug since spring, which may have been BCG",
        "possible",
        ("I3", "I6", "E1", "E2", "E6", "E11"),
        more=(drug("", "2026-03-01", code=("local", "X-17")),),
    ),
    Whole(
        "one exclusion met beside many unknown",
        "excluded",
        ("E1",),
        person=(("covered", ()),),
        more=(given("denosumab", "2026-07-01", route="subcutaneous"),),
        answers=(("E4", ""), ("E5", "")),
    ),
    Whole("an answer to an item that is none", "eligible", answers=(("E99", "yes"),)),
]


@pytest.mark.parametrize("whole", WHOLE, ids=str)
def test_whole_persons(whole: Whole, founding: ProtocolFile) -> None:
    found = explained(whole.case(), founding)
    against = tuple(one.id for one in found.against())
    unknown = tuple(one.id for one in found.unknown())
    assert found.standing.value == whole.standing, (against, unknown)
    if whole.standing == "possible":
        assert (against, unknown) == ((), whole.because)
    else:
        assert against == whole.because


# --- promises: never judged at screening -----------------------------------------------------------------------------

PROMISES = [
    ("I3.3", "no increase of [systemic glucocorticoid, immunosuppressant] from enrolment until end of study"),
    ("E11.c", "no live vaccine from day 1 until 4 months after last dose"),
    ("E12.d", '"medically approved contraception" from day 1 until 12 months after last dose'),
    ("E13.b", '"medically accepted contraception" from day 1 until 12 months after end of study'),
]


@pytest.mark.parametrize("name, words", PROMISES)
def test_promises_stand_apart(name: str, words: str, founding: ProtocolFile) -> None:
    duties = {duty.id: duty.rule for duty in explained(ELIGIBLE, founding).duties}
    assert duties[name] == words
    assert list(duties) == [one for one, _ in PROMISES]


def test_a_part_that_only_promises_has_no_verdict(founding: ProtocolFile) -> None:
    names = {one.id for one in all_items(explained(ELIGIBLE, founding).criteria)}
    assert "I3.3" not in names
    assert {"I3.1", "I3.2", "I3.4"} <= names


# Promises are about days to come: what they are judged by now is only what somebody says now.
NOT_JUDGED = [
    ("a live vaccine planned after day 1", vaccine("MMR", "2026-12-20"), "E11.c", "not met"),
    ("a glucocorticoid to be raised after enrolment", drug("prednisone", "2026-12-01", dose=20), "I3", "met"),
    ("methotrexate to be raised after enrolment", drug("methotrexate", "2026-12-01", dose=3), "I3", "met"),
]


@pytest.mark.parametrize(("words", "row", "name", "verdict"), NOT_JUDGED)
def test_rows_of_later_days_do_not_judge_a_promise(
    words: str, row: Event, name: str, verdict: str, founding: ProtocolFile
) -> None:
    found = explained(replace(ELIGIBLE, rows=(*ROWS, row)), founding)
    assert item_of(found, name).verdict.value == verdict, words
    assert found.standing.value == "eligible"
    assert [aside.row for aside in found.set_aside] == [f"r{len(ROWS) + 1}"]


def test_a_promise_refused_in_advance_excludes(founding: ProtocolFile) -> None:
    said = {**ELIGIBLE.answers, "E12.c": "yes", "E12.d": "yes"}
    assert [one.id for one in explained(replace(ELIGIBLE, answers=said), founding).against()] == ["E12"]


# --- what a verdict rests on -----------------------------------------------------------------------------------------

MARKS = {
    "I2.2": {"Q1"},
    "I3.1": {"Q3", "Q4", "A10", "A13"},
    "I3.2": {"Q3", "Q4", "Q5", "A10", "A11"},
    "I3.4.a": {"C2", "Q3", "Q4", "A10", "A13"},
    "I3.4.b": {"Q3", "Q4", "A10", "A11"},
    "I3.4.c": {"Q3", "Q4", "A10"},
    "I3.4.d": {"Q3", "Q4", "A10"},
    "I3.4.e": {"C2", "Q3", "Q4", "A10", "A11"},
    "I5": {"A12"},
    "I6": {"Q3", "A10", "A16"},
    "E1": {"C2", "Q2", "A10", "A14", "A15"},
    "E2": {"C2", "Q2", "A10", "A13", "A14"},
    "E3.a": {"Q2"},
    "E3.b": {"Q15"},
    "E3.c": {"Q15"},
    "E3.d": {"Q15"},
    "E4": {"A17"},
    "E5": {"Q22", "A12"},
    "E6.a": {"Q16"},
    "E6.b.1": {"Q3", "A10", "A14"},
    "E8.a": {"A18"},
    "E8.b": {"A18"},
    "E9.a": {"Q17", "A10"},
    "E9.b.1": {"Q17", "A10"},
    "E9.b.2": {"Q17"},
    "E9.c": {"Q17"},
    "E10": {"A19"},
    "E10.b": {"Q2", "A12"},
    "E11.a": {"A10", "A14", "A20"},
    "E11.c": {"C4"},
    "E11.d": {"Q18", "A10", "A14"},
    "E12": {"Q19"},
    "E12.a": {"Q19", "A12", "A21"},
    "E12.d": {"Q20", "C4"},
    "E13": {"Q19"},
    "E13.b": {"Q20", "C4"},
}


def test_every_open_question_of_a_criterion_stands_at_its_rule(founding: ProtocolFile) -> None:
    marks = {one.id: set(one.assumes) for one in all_items(explained(ELIGIBLE, founding).criteria) if one.assumes}
    assert marks == MARKS


def test_only_the_criteria_that_need_no_decision_have_no_mark(founding: ProtocolFile) -> None:
    unmarked = {
        one.id for one in all_items(explained(ELIGIBLE, founding).criteria) if not one.parts and not one.assumes
    }
    assert unmarked == {
        "I1",
        "I2.1",
        "I4.1",
        "I4.2",
        "E3.e",
        "E6.b.2",
        "E7",
        "E10.a",
        "E10.c",
        "E11.b",
        "E12.b",
        "E12.c",
        "E13.a",
    }


SILENCE = [
    ("E1", "any [rituximab, monoclonal antibody]"),
    ("E9", "malignancy except [non-melanoma skin cancer, cervical cancer]"),
    ("E11", "live vaccine"),
    ("I6", "NSAID"),
]


@pytest.mark.parametrize(("name", "what"), SILENCE)
def test_what_silence_is_taken_for_is_said(name: str, what: str, founding: ProtocolFile) -> None:
    assumed = item_of(explained(ELIGIBLE, founding), name).finding.assumed
    assert any(what in words and "counts as no" in words for words in assumed), assumed


def test_what_rows_decide_alone_rests_on_no_silence(founding: ProtocolFile) -> None:
    too_high = case("E2", "15 mg", "met", drug("prednisone", "2026-05-01", dose=15))
    low = case("E2", "5 mg", "not met", drug("prednisone", "2026-05-01", dose=5))
    assert item_of(explained(too_high, founding), "E2").finding.assumed == ()
    assert len(item_of(explained(low, founding), "E2").finding.assumed) == 1


def test_an_answer_against_rows_is_told_and_not_followed(founding: ProtocolFile) -> None:
    one = replace(ELIGIBLE, rows=(*ROWS, given("rituximab", "2026-10-01")), answers={**ELIGIBLE.answers, "E1": "no"})
    notes = item_of(explained(one, founding), "E1").finding.notes
    assert any("the record says otherwise and is followed" in note for note in notes)


def test_an_answer_against_silence_is_told_and_followed(founding: ProtocolFile) -> None:
    found = item_of(explained(replace(ELIGIBLE, answers={**ELIGIBLE.answers, "E1": "yes"}), founding), "E1")
    assert (found.verdict.value, found.finding.assumed) == ("met", ())
    assert any("though nothing is recorded" in note for note in found.finding.notes)


def test_advice_is_a_referral_and_decides_nothing(founding: ProtocolFile) -> None:
    found = item_of(explained(ELIGIBLE, founding), "E8")
    assert found.referral == "If seropositive, a doctor with expertise in HIV or hepatitis C should be consulted."
    assert found.verdict.value == "not met"
