"""No character of an eligibility text vanishes, whatever the text: each stands in one place, and in one only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trialrun.criteria.splitting import split
from trialrun.criteria.text import EligibilityText

MARKERS = [
    "- ",
    "* ",
    "• ",
    "1. ",
    "2) ",
    "(3) ",
    "12. ",
    "a. ",
    "b) ",
    "(c) ",
    "i. ",
    "iv) ",
    "1.1 ",
    "2.3.4 ",
    "o  ",
    "4、",
]
HEADINGS = [
    "Inclusion Criteria:", "EXCLUSION CRITERIA", "Key Exclusion Criteria", "Inclusion/Exclusion Criteria:",
    "Consent. Exclusion Criteria:", "Patients who meet the following inclusion criteria:", "Exclusion: ",
]  # fmt: skip
WORDS = [
    "Adults", "aged", "18", "18.", "≥ 50", "years", "or", "OR", "and", "with:", "ALT", "\\>", "3", "x ULN.", "10\\~6",
    "the following:", "1.", "2.", "3)", "a)", "-", "- ", ":", ";", "(", ")", "Exclusion", "criteria", "other protocol",
    "中文", "\\", "*", "_",
]  # fmt: skip
SPACES = [
    "\n",
    "\n\n",
    "\r\n",
    "\n   ",
    "\n\t",
    " ",
    "  ",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u00a0",
    "\n     ",
]

SENTENCES = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
LINES = st.tuples(st.sampled_from(["", *MARKERS]), st.sampled_from(["", "", "", *HEADINGS]), SENTENCES).map("".join)
PROSE = st.lists(st.tuples(LINES, st.sampled_from(SPACES)).map("".join), max_size=14).map("".join)
TEXTS = PROSE | st.text(max_size=200) | st.text("ab1.()-*:;IiEx \n\\", max_size=80)


def account(found: EligibilityText) -> list[int]:
    """How many sentences, headings, markers and rests each character stands in."""
    counts = [0] * len(found.source)
    spans = [(item.start, item.end) for item in found.items]
    for start, end in [*spans, *found.heads, *found.residue]:
        assert 0 <= start <= end <= len(counts)
        for position in range(start, end):
            counts[position] += 1
    return counts


@given(TEXTS)
def test_every_character_stands_in_exactly_one_place(text: str) -> None:
    found = split(text)
    assert found.source == text
    for character, count in zip(text, account(found), strict=True):
        assert count == 1 or (count == 0 and character.isspace())


def unescaped(text: str) -> str:
    """Markdown escapes taken off, character by character."""
    out, position = "", 0
    while position < len(text):
        if text[position] == "\\" and text[position + 1 : position + 2] in set("\\`*_{}[]()#+-.!~><^|=&"):
            position += 1
        out += text[position : position + 1]
        position += 1
    return out


@given(TEXTS)
def test_a_sentence_is_the_words_of_its_place_and_nothing_else(text: str) -> None:
    for item in split(text).items:
        words = " ".join(text[item.start : item.end].split())
        assert item.text == " ".join(unescaped(words).split())


@given(TEXTS)
def test_sentences_form_a_tree_in_the_order_of_the_text(text: str) -> None:
    items = split(text).items
    seen: dict[str, tuple[int, str]] = {}
    for item in items:
        assert item.id not in seen
        if item.parent is None:
            assert item.level == 0
        else:
            assert seen[item.parent] == (item.level - 1, item.section.value)
        seen[item.id] = (item.level, item.section.value)
    starts = [item.start for item in items]
    assert starts == sorted(starts)


@given(TEXTS)
def test_coverage_is_the_share_of_characters_that_have_a_place(text: str) -> None:
    found = split(text)
    rest = "".join(text[start:end] for start, end in found.residue)
    shown = [character for character in text if not character.isspace()]
    lost = [character for character in rest if not character.isspace()]
    assert found.coverage == (1 - len(lost) / len(shown) if shown else 1.0)
