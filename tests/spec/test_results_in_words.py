"""Results in words: positive or negative, levels of an ordinal. What is not surely meant stays unknown."""

from __future__ import annotations

import pytest

from trialrun.vocabulary.analytes import analytes, facts
from trialrun.vocabulary.concepts import Measure, Scale
from trialrun.vocabulary.results import finding, level

MEASURES = {concept.name: concept.measure for concept in analytes() if concept.measure}


@pytest.mark.parametrize(
    "text",
    [
        "Positive",
        "POS",
        "pos.",
        "Reactive",
        "Detected",
        "Present",
        "+",
        "1+",
        "++",
        "(+)",
        "阳性",
        "阳性(+)",
        "反应性",
        "HIV positive",
        "HCV Ab: Reactive",
        "Positive (qualifier value)",
        "Urine protein test = +++",
        "Pregnant",
    ],
)
def test_positive(text: str) -> None:
    assert finding(text) == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "Negative",
        "NEG",
        "Non-reactive",
        "NONREACTIVE",
        "non reactive",
        "Not reactive",
        "Not detected",
        "not  detected",
        "None detected",
        "Undetectable",
        "Absent",
        "(-)",
        "阴性",
        "阴性(-)",
        "未检出",
        "Nao reagente",
        "Não reagente",
        "not HIV positive",
        "No antibodies to HIV detected",
        "Urine nitrite negative (finding)",
        "Not pregnant",
    ],
)
def test_negative(text: str) -> None:
    assert finding(text) == "negative"


@pytest.mark.parametrize("text", ["Indeterminate", "equivocal", "Borderline", "trace", "weakly positive", "弱阳性"])
def test_indeterminate(text: str) -> None:
    assert finding(text) == "indeterminate"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "ND",
        "NR",
        "see comment",
        "not done",
        "false positive",
        "not negative",
        "positive or negative",
        "<0.05",
        "HBsAg negative, anti-HBc positive",
        "previously positive",
        "positive control valid",
        "Negative (+)",
        "no sign of any past or present infection was detected",
        "C reactive protein",
        "x" * 10000 + " positive",
    ],
)
def test_says_nothing_for_sure(text: str) -> None:
    assert finding(text) is None


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("", "10828004", "positive"),
        ("", "260385009", "negative"),
        ("", "260415000", "negative"),
        ("", "LA6576-8", "positive"),
        ("", "LA11883-8", "negative"),
        ("", "LA11884-6", "indeterminate"),
        ("Negative", "260385009", "negative"),
        ("Positive", "260385009", None),  # code and text disagree
        ("", "8517006", None),
        ("Reactive", "unknown", "positive"),
    ],
)
def test_coded_answers(text: str, code: str, wanted: str | None) -> None:
    assert finding(text, code) == wanted


@pytest.mark.parametrize(
    ("scale", "text", "wanted"),
    [
        ("NYHA class", "III", (2, 2)),
        ("NYHA class", "3", (2, 2)),
        ("NYHA class", "Class III", (2, 2)),
        ("NYHA class", "NYHA 3", (2, 2)),
        ("NYHA class", "NYHA functional class: II", (1, 1)),
        ("NYHA class", "Ⅲ", (2, 2)),
        ("NYHA class", "ＩＩＩ", (2, 2)),
        ("NYHA class", "IIIb", (2, 2)),
        ("NYHA class", "II-III", (1, 2)),
        ("NYHA class", "II–III", (1, 2)),
        ("NYHA class", "II/III", (1, 2)),
        ("NYHA class", "class 2 or 3", (1, 2)),
        ("NYHA class", "≥ III", (2, 3)),
        ("NYHA class", "III or higher", (2, 3)),
        ("NYHA class", "> II", (2, 3)),
        ("NYHA class", "< II", (0, 0)),
        ("NYHA class", "at most II", (0, 1)),
        ("NYHA class", "0", None),
        ("NYHA class", "5", None),
        ("NYHA class", "> IV", None),
        ("NYHA class", "I-II-III", None),
        ("NYHA class", "no class III", None),
        ("NYHA class", "unknown", None),
        ("NYHA class", "", None),
        ("ECOG performance status", "0", (0, 0)),
        ("ECOG performance status", "ECOG 1", (1, 1)),
        ("ECOG performance status", "0-1", (0, 1)),
        ("ECOG performance status", "6", None),
        ("ECOG performance status", "I", None),
        ("Child-Pugh class", "A", (0, 0)),
        ("Child-Pugh class", "Child-Pugh B", (1, 1)),
        ("Child-Pugh class", "B7", (1, 1)),
        ("Child-Pugh class", "A7", None),  # seven points are class B
        ("Child-Pugh class", "7", None),
        ("CKD stage", "3", (2, 3)),  # 3a or 3b
        ("CKD stage", "G3b", (3, 3)),
        ("cancer stage", "IIIA", (3, 3)),
        ("CTCAE grade", "Grade 2", (2, 2)),
        ("KDIGO albuminuria category", "A2", (1, 1)),
    ],
)
def test_level(scale: str, text: str, wanted: tuple[int, int] | None) -> None:
    assert level(MEASURES[scale], text) == wanted


def test_level_of_a_number_and_of_a_coded_answer() -> None:
    nyha = MEASURES["NYHA class"]
    assert level(nyha, value=3.0) == (2, 2)
    assert level(nyha, value=2.5) is None
    assert level(nyha, value=float("nan")) is None
    assert level(nyha, value=float("inf")) is None
    assert level(nyha, value_code="420913000", answers=facts("NYHA class").answers) == (2, 2)
    assert level(nyha) is None
    assert level(nyha, "I" * 10_000) is None
    assert level(Measure(Scale.QUANTITY, "mg/dL"), "3") is None
