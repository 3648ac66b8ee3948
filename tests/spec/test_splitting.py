"""How eligibility prose is split: one row per layout, with every criterion's section, level, parent and words."""

from __future__ import annotations

import pytest

from trialrun.criteria.splitting import split
from trialrun.criteria.text import Role
from trialrun.registry.page import read_page
from trialrun.registry.shipped import shipped_page_path, shipped_record

# Each sentence as `id (parent) words`; its section is the id's letter, its level the number of dots in its id.
LAYOUTS: list[tuple[str, str, list[str]]] = [
    (
        "classic: wrapped, indented, with dashes",
        """
        Inclusion Criteria:

          -  Adults aged 18 years or older who can read
             and write

          -  One of the following:

               -  Stable angina

               -  Unstable angina

        Exclusion Criteria:

          -  Pregnancy
        """,
        [
            "I1 Adults aged 18 years or older who can read and write",
            "I2 One of the following:",
            "I2.a (I2) Stable angina",
            "I2.b (I2) Unstable angina",
            "E1 Pregnancy",
        ],
    ),
    (
        "API v2: markdown with escapes",
        "Inclusion Criteria:\n\n* Age \\>= 18 years\n* HbA1c \\< 9.5 %, with one of:\n\n  * insulin\n  * metformin\n"
        "* Consent\n\nExclusion Criteria:\n\n* 1 x 10\\^9 \\[cells\\] or more\n* ALT \\> 3 \\* ULN",
        [
            "I1 Age >= 18 years",
            "I2 HbA1c < 9.5 %, with one of:",
            "I2.a (I2) insulin",
            "I2.b (I2) metformin",
            "I3 Consent",
            "E1 1 x 10^9 [cells] or more",
            "E2 ALT > 3 * ULN",
        ],
    ),
    (
        "plain numbers, with letters at the same margin",
        "Inclusion criteria:\n1. Adults\n2. Diabetes, with either\na. insulin\nb. metformin\n3. Consent\n"
        "Exclusion criteria:\n1. Pregnancy\n2. Cancer",
        [
            "I1 Adults",
            "I2 Diabetes, with either",
            "I2.a (I2) insulin",
            "I2.b (I2) metformin",
            "I3 Consent",
            "E1 Pregnancy",
            "E2 Cancer",
        ],
    ),
    (
        "outline",
        "INCLUSION CRITERIA\n1. Adults\n1.1 able to walk\n1.1.1 without a stick\n1.2 able to read\n2. Consent\n"
        "EXCLUSION CRITERIA\n1. Pregnancy",
        [
            "I1 Adults",
            "I1.a (I1) able to walk",
            "I1.a.1 (I1.a) without a stick",
            "I1.b (I1) able to read",
            "I2 Consent",
            "E1 Pregnancy",
        ],
    ),
    (
        "outline that begins at 1.1",
        "Inclusion:\n1.1 Adults\n1.2 Consent\n1.2.1 written\nExclusion:\n2.1 Pregnancy\n2.2 Cancer",
        ["I1 Adults", "I2 Consent", "I2.a (I2) written", "E1 Pregnancy", "E2 Cancer"],
    ),
    (
        "flush, wrapped at a fixed width",
        "Inclusion Criteria:\n\n- Men and women aged 18 years or older who have had a diagnosis of asthma\n"
        "for at least 6 months\n- Consent\n\nExclusion Criteria:\n\n- Pregnancy",
        [
            "I1 Men and women aged 18 years or older who have had a diagnosis of asthma for at least 6 months",
            "I2 Consent",
            "E1 Pregnancy",
        ],
    ),
    (
        "one sentence a line, without markers",
        "Inclusion Criteria:\nAged 18 years or older\nWritten consent\nExclusion Criteria:\nPregnancy\nHeart failure",
        ["I1 Aged 18 years or older", "I2 Written consent", "E1 Pregnancy", "E2 Heart failure"],
    ),
    (
        "a single paragraph with numbers",
        "Inclusion Criteria: 1. Aged 18 or older. 2. Platelets above 100,000/µL. 3. Asthma for 6.5 months. "
        "Exclusion Criteria: 1. Pregnancy. 2. Heart failure.",
        [
            "I1 Aged 18 or older.",
            "I2 Platelets above 100,000/µL.",
            "I3 Asthma for 6.5 months.",
            "E1 Pregnancy.",
            "E2 Heart failure.",
        ],
    ),
    (
        "a single paragraph with dashes",
        "Inclusion Criteria: - Aged 18 or older - Written consent - Asthma for 6 months "
        "Exclusion Criteria: - Pregnancy - Heart failure - Cancer",
        [
            "I1 Aged 18 or older",
            "I2 Written consent",
            "I3 Asthma for 6 months",
            "E1 Pregnancy",
            "E2 Heart failure",
            "E3 Cancer",
        ],
    ),
    (
        "numbering that runs on across groups and sections",
        "Inclusion Criteria:\n\nDisease:\n\n1. Asthma\n2. FEV1 below 80 %\n\nGeneral:\n\n3. Adults\n4. Consent\n\n"
        "Exclusion Criteria:\n\n5. Pregnancy\n6. Cancer",
        [
            "I.note1 Disease:",
            "I1 Asthma",
            "I2 FEV1 below 80 %",
            "I.note2 General:",
            "I3 Adults",
            "I4 Consent",
            "E1 Pregnancy",
            "E2 Cancer",
        ],
    ),
    (
        "headings as bullets of their own",
        "* Inclusion Criteria:\n\n  * Adults\n  * Consent\n* Exclusion Criteria:\n\n  * Pregnancy",
        ["I1 Adults", "I2 Consent", "E1 Pregnancy"],
    ),
    (
        "a heading inside the last bullet",
        "Inclusion Criteria:\n\n- Adults\n- Signed informed consent Exclusion Criteria:\n- Pregnancy\n- Cancer",
        ["I1 Adults", "I2 Signed informed consent", "E1 Pregnancy", "E2 Cancer"],
    ),
    (
        "a heading behind the last sentence",
        "Inclusion Criteria:\n\n1. Adults\n2. Able to give consent. EXCLUSION CRITERIA\n1. Pregnancy",
        ["I1 Adults", "I2 Able to give consent.", "E1 Pregnancy"],
    ),
    (
        "headings of cohorts",
        "Cohort A Inclusion Criteria:\n- Adults\nCohort A Exclusion Criteria:\n- Cancer\n"
        "2. Cohort B Inclusion Criteria:\n- Children",
        ["I1 Adults", "E1 Cancer", "I2 Children"],
    ),
    (
        "OR alone on a line",
        "Inclusion Criteria:\n\n1. Asthma\n\n   OR\n\n2. COPD\n3. Consent",
        ["I1 Asthma OR", "I2 COPD", "I3 Consent"],
    ),
    (
        "a placeholder behind the list",
        "Inclusion Criteria:\n\n- Adults\n\nOther protocol-defined inclusion criteria apply\n\nExclusion Criteria:\n\n"
        "- Pregnancy\n\nOther protocol-defined inclusion/exclusion criteria may apply.",
        [
            "I1 Adults",
            "I2 Other protocol-defined inclusion criteria apply",
            "E1 Pregnancy",
            "E2 Other protocol-defined inclusion/exclusion criteria may apply.",
        ],
    ),
    (
        "letters, then roman numerals",
        "Exclusion Criteria:\n\nA. Any of\n\n   i. angina\n   ii. infarction\n\nB. Pregnancy",
        ["E1 Any of", "E1.a (E1) angina", "E1.b (E1) infarction", "E2 Pregnancy"],
    ),
    (
        "numbers and letters in brackets",
        "Inclusion Criteria:\n(1) Adults\n(2) Consent\n(a) written\n(b) witnessed\nExclusion:\n(1) Cancer",
        ["I1 Adults", "I2 Consent", "I2.a (I2) written", "I2.b (I2) witnessed", "E1 Cancer"],
    ),
    (
        "wide signs of Chinese and Japanese text",
        "Inclusion Criteria：\n1）Adults\n2）Consent\nExclusion Criteria：\n1、Cancer\n2、Pregnancy",
        ["I1 Adults", "I2 Consent", "E1 Cancer", "E2 Pregnancy"],
    ),
    (
        "bold headings, line ends of Windows",
        "**Inclusion Criteria:**\r\n\r\n* Adults\r\n\r\n**Exclusion Criteria:**\r\n\r\n* Cancer\r\n",
        ["I1 Adults", "E1 Cancer"],
    ),
    (
        "a numbers-only look-alike is no marker",
        "Inclusion Criteria:\nT-score below\n-2.5 at the hip\n1.5 x ULN or less\nConsent",
        ["I1 T-score below", "I2 -2.5 at the hip", "I3 1.5 x ULN or less", "I4 Consent"],
    ),
    (
        "neither inclusion nor exclusion",
        "Please contact the site for details.",
        ["N1 Please contact the site for details."],
    ),
    ("headings without criteria", "Inclusion Criteria:\n\nExclusion Criteria:\n", []),
    ("nothing", " \n\t\n", []),
]


@pytest.mark.parametrize(("layout", "text", "wanted"), LAYOUTS, ids=[case[0] for case in LAYOUTS])
def test_a_layout_is_split_into_its_sentences(layout: str, text: str, wanted: list[str]) -> None:
    found = split(text)
    written = [f"{item.id} " + (f"({item.parent}) " if item.parent else "") + item.text for item in found.items]
    assert written == wanted
    assert found.residue == ()
    for item in found.items:
        assert item.section.value[0].upper() == item.id[0] or (item.section.value, item.id[0]) == ("other", "N")
        if item.role is not Role.NOTE:
            assert item.level == item.id.count(".")


def test_a_line_that_only_announces_the_list_is_no_criterion() -> None:
    found = split("Exclusion criteria\n\nAny subject with one or more of the below:\n\n1. Cancer\n2. Pregnancy")
    assert [(item.role.value, item.text) for item in found.items] == [
        ("note", "Any subject with one or more of the below:"),
        ("criterion", "Cancer"),
        ("criterion", "Pregnancy"),
    ]


def test_a_list_deeper_than_six_levels_keeps_its_sentences() -> None:
    text = "Inclusion Criteria:\n\n" + "\n".join("  " * depth + f"* part {depth}" for depth in range(9))
    items = split(text).items
    assert [item.text for item in items] == [f"part {depth}" for depth in range(9)]
    assert [item.level for item in items] == [0, 1, 2, 3, 4, 5, 5, 5, 5]


def test_parts_are_lettered_beyond_z() -> None:
    text = "Inclusion Criteria:\n\n* One of:\n" + "\n".join(f"  * part {number}" for number in range(30))
    assert [item.id for item in split(text).items][25:30] == ["I1.y", "I1.z", "I1.aa", "I1.ab", "I1.ac"]


@pytest.mark.parametrize(
    "text",
    ["Exclusion: " * 20_000, "- a b Exclusion Criteria" + " " * 200_000 + "x", "a b. Exclusion Criteria: " * 20_000],
    ids=["headings without end", "a heading and white space", "headings behind one another"],
)
def test_hostile_lines_are_split_in_time_and_lose_nothing(text: str) -> None:
    found = split(text)
    assert found.coverage == 1.0
    assert "".join(text[start:end] for start, end in found.heads).count("Exclusion") <= 5


FOUNDING = [
    "I1 Male or female, aged ≥50",
    "I2 Diagnostics meet the 1986 Nancy",
    "I3 Apply glucocorticoids (≤10",
    "I3.a Glucocorticoid-2 weeks",
    "I3.b Immunosuppressants (including methotrexate,",
    "I3.c Intravenous immunogloblin (IVIg)",
    "I3.d Rituximab - 6 months",
    "I3.e Other biological agents (infliximab,",
    "I4 The patient must be informed",
    "I5 Excluding Horton syndrome",
    "I6 The amount of non-steroidal",
    "E1 Use rituximab or other monoclonal",
    "E2 Received high doses of glucocorticoid",
    "E3 Serious complications: including",
    "E4 Other serious, progressive or",
    "E5 Known allergies, hyperreactivity",
    "E6 Have a serious infection",
    "E7 Chest imaging showed",
    "E8 Infection with HIV (HIV",
    "E9 Any known history of malignancy",
    "E10 Uncontrolled mental or emotional",
    "E11 Accept or expect to receive any",
    "E12 Pregnant, lactating women",
    "E13 Men whose partners have",
]


def founding_texts() -> dict[str, str]:
    record = shipped_record("NCT04062006")
    page = read_page(shipped_page_path("NCT04062006").read_text(encoding="utf-8"))
    assert record is not None
    return {
        "record": record.eligibility.eligibility_criteria or "",
        "page": page.eligibility.eligibility_criteria or "",
    }


@pytest.mark.parametrize("source", ["record", "page"])
def test_the_founding_study_has_19_criteria_and_the_nested_washout_list(source: str) -> None:
    found = split(founding_texts()[source])
    criteria = [item for item in found.items if item.role is not Role.NOTE]
    assert sum(item.parent is None for item in criteria) == 19
    assert [f"{item.id} {item.text}"[: len(words)] for item, words in zip(criteria, FOUNDING, strict=True)] == FOUNDING
    assert {item.parent for item in criteria if item.level == 1} == {"I3"}
    assert found.coverage == 1.0
