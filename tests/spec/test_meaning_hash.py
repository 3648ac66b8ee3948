"""The hash is of the meaning: layout makes no difference, every fact does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.spec.test_protocol_problems import STUDY
from trialrun.protocol.load import load, load_text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A study", "title:   A study   # our study"),
        ("title: A study", 'title: "A study"'),
        ("title: A study", "title: >-\n  A\n  study"),
        ("    route: oral\n", "    # by mouth\n\n    route: oral\n"),
        ("    route: oral\n    dose: 100 mg\n", "    dose: 100 mg\n    route: oral\n"),
        ("    dose: 100 mg", "    missed: skip\n    dose: 100 mg"),
        ("days: 1-5", "days: 1, 2, 3, 4, 5"),
        ("window -3..+3", "window -3..+3 days"),
        ("dose: 100 mg", "dose: 100 mg [C1]"),
    ],
)
def test_layout_makes_no_difference(old: str, new: str) -> None:
    assert old in STUDY
    assert load_text(STUDY.replace(old, new, 1)).hash == load_text(STUDY).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A study", "Another study"),
        ("days: 1-5", "days: 1-6"),
        ("window -3..+3", "window -3..+4"),
        ("says: Adults", "says: Adults of 50"),
        ("proposal: flat", "proposal: per kg"),
        ("  pain score: week 4", "  pain score: screening, week 4"),
        ("  screening: day -28..-1\n  week 4", "  week 5: day 36\n  screening: day -28..-1\n  week 4"),
    ],
)
def test_every_fact_does(old: str, new: str) -> None:
    changed = re.sub(re.escape(old), new, STUDY, count=1)
    if "proposal" in old:
        changed = changed.replace("dose: 100 mg\n", "dose: 2 mg per kg\n", 1)
    assert load_text(changed).hash != load_text(STUDY).hash


def test_every_changed_leaf_of_the_study_changes_the_hash() -> None:
    """One more word at the end of each free text."""
    plain = load_text(STUDY).hash
    for line in (
        "title: A study",
        "name: Arm",
        "name: Examplin",
        "says: Adults",
        "says: Pain",
        "asks: Flat or per body weight?",
    ):
        assert load_text(STUDY.replace(line, line + " more", 1)).hash != plain, line


def test_the_studys_own_terms_belong_to_the_hash(tmp_path: Path) -> None:
    """A drug more in a class that a rule names lets somebody else in: that is an amendment, a comment is none."""

    def hash_with(terms: str) -> str:
        (tmp_path / "terms.yaml").write_text(terms, encoding="utf-8")
        (tmp_path / "study.yaml").write_text(STUDY.rstrip() + "\nterms: terms.yaml\n", encoding="utf-8")
        return load(tmp_path / "study.yaml").hash

    plain = hash_with("terms:\n  our drugs: {domain: drug, members: [infliximab]}\n")
    assert plain == hash_with("# ours\nterms:\n  our drugs:\n    domain: drug\n    members:\n      - infliximab\n")
    assert plain != hash_with("terms:\n  our drugs: {domain: drug, members: [infliximab, adalimumab]}\n")
    assert plain != hash_with("terms:\n  our drugs: {domain: drug, members: [infliximab], codes: {NDC: ['1']}}\n")
    assert plain != load_text(STUDY).hash
