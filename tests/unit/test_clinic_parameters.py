"""Parameters of the virtual clinic: what ships is whole and sourced; what a user writes is taken or refused in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trialrun.errors import InputError
from trialrun.patients.clinic import parameters
from trialrun.patients.clinic.chance import Chance
from trialrun.patients.clinic.parameters import ASSUMED, Parameters, parse_parameters, shipped_parameters
from trialrun.patients.clinic.people import DEFAULT_DAY, LONGEST_SEED, MOST_PEOPLE, clean_person, made_up_person


def test_every_parameter_has_a_source_that_is_told_or_is_assumed() -> None:
    shipped = shipped_parameters()
    for one in shipped:
        assert one.source == ASSUMED or one.source in shipped.sources, one
    used = {one.source for one in shipped}
    assert set(shipped.sources) <= used, "a source that nothing comes from"
    assert all(source["cites"] and source["seen"] for source in shipped.sources.values())


def test_every_parameter_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter that nothing reads would be a promise without effect."""
    asked: set[tuple[str, str]] = set()
    for name in ("number", "pair", "weights", "at_age"):
        real = getattr(Parameters, name)

        def noted(
            self: Parameters, section: str, word: str, *more: float, _real: object = real, **named: bool
        ) -> object:
            asked.add((section, word))
            return _real(self, section, word, *more, **named)  # type: ignore[operator]

        monkeypatch.setattr(Parameters, name, noted)
    for number in range(400):
        made_up_person(number, "used")
    assert {(one.section, one.name) for one in shipped_parameters()} - asked == set()


def test_a_users_values_replace_the_shipped_ones() -> None:
    found = parse_parameters(
        "clinic:\n  main diagnosis: {polymyalgia rheumatica: 100, none: 0}\n"
        "comorbidity:\n  hypertension: {18: [0, 0], 60: [1, 0.5]}\nmessiness: {unit missing: 0.25}\n"
        "polymyalgia:\n  first dose: {'15': 1}\n  CRP at onset: [50, 0.2]\n",
        "my.yaml",
    )
    weights = found.weights("clinic", "main diagnosis")
    assert (weights["polymyalgia rheumatica"], weights["none"], weights["gout"]) == (100, 0, 8)
    assert found.number("messiness", "unit missing") == 0.25
    assert found.pair("polymyalgia", "CRP at onset") == (50, 0.2)
    assert [found.at_age("comorbidity", "hypertension", age, female=True) for age in (17, 20, 59.9, 60)] == [0, 0, 0, 1]
    assert found.by_place["messiness", "unit missing"].source == "my.yaml"
    assert shipped_parameters().number("messiness", "unit missing") != 0.25


def test_a_number_below_1_is_a_share_and_the_others_keep_their_proportions() -> None:
    found = parse_parameters("clinic:\n  main diagnosis: {polymyalgia rheumatica: 0.8}\n", "my.yaml")
    weights = found.weights("clinic", "main diagnosis")
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["polymyalgia rheumatica"] == 0.8
    shipped = shipped_parameters().weights("clinic", "main diagnosis")
    assert weights["gout"] / weights["none"] == pytest.approx(shipped["gout"] / shipped["none"])
    all_given = parse_parameters(
        "people:\n  smoking: {Never smoker: 0.5, Former smoker: 0.3, Current smoker: 0.2}\n", "my.yaml"
    )
    assert list(all_given.weights("people", "smoking").values()) == [0.5, 0.3, 0.2]


def test_four_of_five_have_the_disease_when_their_share_is_080() -> None:
    mine = parse_parameters("clinic:\n  main diagnosis: {polymyalgia rheumatica: 0.8}\n", "my.yaml")
    chance = Chance("share", 1, "main")
    drawn = [chance.pick(mine.weights("clinic", "main diagnosis")) for _ in range(2_000)]
    assert 0.77 < drawn.count("polymyalgia rheumatica") / len(drawn) < 0.83


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("{polymyalgia rheumatica: 0.8, gout: 18}", "has a share (below 1) and 'gout' a weight"),
        ("{polymyalgia rheumatica: 0.8, gout: 0.3}", "add up to 1.1, more than 1"),
        (
            "{polymyalgia rheumatica: 0.8, giant cell arteritis: 0, rheumatoid arthritis: 0, osteoarthritis: 0, gout: 0, "
            "none: 0}",
            "no other word takes the rest",
        ),
    ],
)
def test_shares_that_cannot_be_are_refused(table: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        parse_parameters(f"clinic:\n  main diagnosis: {table}\n", "my.yaml")


WRONG = {
    "messines: {unit missing: 1}": "there is no section 'messines'\n|Did you mean 'messiness'?",
    "messiness: {unit mising: 1}": "there is no parameter 'unit mising' in 'messiness'|Did you mean 'unit missing'?",
    "messiness: {unit missing: 1.2}": "unit missing: 1.2 is not between 0 and 1|It is a share between 0 and 1.",
    "messiness: {unit missing: -0.1}": "is not between 0 and 1",
    "messiness: {unit missing: nan}": "is not between 0 and 1",
    "messiness: {unit missing: often}": "'often' is not a number",
    "messiness: {unit missing: [0.1]}": "needs one number",
    "messiness: {unit missing: 0.1, unit missing: 0.2}": "'unit missing' stands here twice",
    "messiness: {unit missing: {share: 0.1}}": "give the value only, without the word 'share'",
    "messiness: [1]": "parameters belong here, as 'name: value'",
    "- a": "sections belong here",
    "clinic: {main diagnosis: {lupus: 3}}": "'lupus' is none of its words",
    "clinic: {main diagnosis: {gout: -3}}": "-3 is not between 0",
    "polymyalgia: {first dose: {'12.5': 0, '15': 0, '20': 0, '25': 0}}": "every weight is 0",
    "clinic: {years of record: [3, 1]}": "1 is less than 3",
    "results: {ALT of women: [0, 0.4]}": "needs a median above 0",
    "results: {albumin: [4, -1]}": "the spread -1 is negative",
    "results: {albumin: 4}": "needs two numbers|It is mean and standard deviation",
    "comorbidity: {hypertension: {18: [0.1, 2]}}": "2 is not between 0 and 1",
    "comorbidity: {hypertension: {}}": "needs at least one age",
    "gout: {flares a year: 99}": "99 is not between 0 and 6",
    "gout: {flares a year: '1": "this is not YAML that can be read",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_what_cannot_be_used_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_parameters(text, "my.yaml")
    for words in said.split("|"):
        assert words.strip() in str(caught.value)
    assert "my.yaml:1:" in str(caught.value) or "YAML" in said


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        parse_parameters("messiness:\n  unit missing: 2\n  other unit: x\nnothing: 1\n", "my.yaml")
    assert [f"my.yaml:{line}:" in str(caught.value) for line in (2, 3, 4)] == [True, True, True]


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        parameters.read_parameters(tmp_path / "none.yaml")
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        parameters.read_parameters(tmp_path / "x.yaml")
    (tmp_path / "deep.yaml").write_text("messiness: " + "[" * 50 + "]" * 50)
    with pytest.raises(InputError):
        parameters.read_parameters(tmp_path / "deep.yaml")
    (tmp_path / "empty.yaml").write_text("# nothing\n")
    assert parameters.read_parameters(tmp_path / "empty.yaml").by_place == shipped_parameters().by_place


def test_ids_are_short_enough_for_fhir() -> None:
    """FHIR allows 64 signs of letters, digits, dots and dashes."""
    for seed in ("x" * LONGEST_SEED, "a b/c", "日本", 7):
        for number in (1, MOST_PEOPLE):
            for event in made_up_person(number, seed).events:
                assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", event.id.partition("/")[2]), event.id
    assert clean_person(3, 7) == clean_person(3, "7")


def test_the_random_numbers_never_change() -> None:
    """Pinned: these come from additions and products alone, and from a generator that Python promises to keep."""
    chance = Chance("7", 1, "person")
    assert [chance.draw().hex() for _ in range(2)] == PINNED_DRAWS
    assert chance.normal().hex() == PINNED_NORMAL
    assert chance.skewed((10.0, 0.5)).hex() == PINNED_SKEWED


PINNED_DRAWS = ["0x1.54bc35bd8f4a0p-3", "0x1.8de6744d55f82p-2"]
PINNED_NORMAL = "-0x1.4a9fec613f680p-1"
PINNED_SKEWED = "0x1.08b1c35325eb3p+3"


def test_one_parameter_changes_nothing_that_another_decides() -> None:
    """Everybody has hypertension: every row of every other subject stays as it is, id and all."""
    changed = parse_parameters("comorbidity: {hypertension: {0: [1, 1]}, treated: 1}", "my.yaml")
    for number in range(1, 40):
        before, after = (clean_person(number, "s", DEFAULT_DAY, p) for p in (shipped_parameters(), changed))
        kept = [e for e in before.events if "-other-" not in e.id and "pressure" not in e.source_text]
        also = [e for e in after.events if "-other-" not in e.id and "pressure" not in e.source_text]
        assert kept == also
        assert (before.birth, before.sex, before.coverage) == (after.birth, after.sex, after.coverage)


def test_one_rate_of_messiness_changes_nothing_that_another_decides() -> None:
    more = parse_parameters("messiness: {reference range missing: 1}", "my.yaml")
    for number in range(1, 30):
        before, after = (made_up_person(number, "s", DEFAULT_DAY, p) for p in (shipped_parameters(), more))
        assert [e.id for e in before.events] == [e.id for e in after.events]
        assert [(e.value, e.unit_source, e.source_code, e.start) for e in before.events] == [
            (e.value, e.unit_source, e.source_code, e.start) for e in after.events
        ]
        assert all(e.low is None and e.high is None for e in after.events)
