"""The same made-up people give the same verdicts whatever form they were written in, but for what OMOP cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.finding import Reason
from trialrun.patients.clinic.folders import FORMS, Source, write_clinic
from trialrun.patients.clinic.parameters import Parameters, parse_parameters, shipped_parameters
from trialrun.patients.clinic.people import DEFAULT_DAY, made_up_people
from trialrun.patients.person import Event
from trialrun.patients.sources import open_source
from trialrun.protocol.shipped import find_protocol
from trialrun.screening.explanation import Explained, explain
from trialrun.screening.verdicts import Verdict

STUDY = "NCT04062006"
SEED, PEOPLE = "7", 60
PAGE = Path(__file__).parents[2] / "docs" / "virtual-clinic.md"
WEEKLY = "A dose that is taken less often than daily comes back without its amount"
"""The one reason for another verdict, as the page states it."""
VAGUE = "messiness:\n  date to the year: 0.3\n  date to the month: 0.3\n"
Verdicts = dict[int, dict[str, Explained]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


def clean() -> Parameters:
    return shipped_parameters().without("messiness")


def screened(folder: Path, form: str, parameters: Parameters) -> Verdicts:
    """Every criterion of every person, by the person's number, after writing and reading a form."""
    protocol = find_protocol(STUDY)
    people = made_up_people(PEOPLE, SEED, DEFAULT_DAY, parameters)
    write_clinic(folder, form, people, Source(SEED, PEOPLE, DEFAULT_DAY, parameters))
    found: Verdicts = {}
    for person in open_source(folder).people():
        seen = explain(protocol, person, Anchors.screening(DEFAULT_DAY, None), protocol.vocabulary)
        found[int(person.id.rpartition("-")[2])] = {one.id: one for one in seen.criteria}
    assert len(found) == PEOPLE
    return found


@pytest.fixture(scope="module")
def forms(folder: Path) -> dict[str, Verdicts]:
    return {form: screened(folder / form, form, clean()) for form in FORMS}


def unlike(one: Verdicts, other: Verdicts) -> Iterator[tuple[int, str]]:
    for number, criteria in one.items():
        for name, criterion in criteria.items():
            if criterion.verdict is not other[number][name].verdict:
                yield number, name


def test_an_export_gives_the_verdicts_of_the_bundles(forms: dict[str, Verdicts]) -> None:
    assert list(unlike(forms["fhir"], forms["ndjson"])) == []


@lru_cache(maxsize=1)
def less_than_daily() -> frozenset[int]:
    """Numbers of the people who take something less often than daily."""

    def taken(event: Event) -> bool:
        return event.per_day is not None and event.per_day < 1

    people = enumerate(made_up_people(PEOPLE, SEED, DEFAULT_DAY, clean()), 1)
    return frozenset(number for number, person in people if any(map(taken, person.events)))


def test_omop_gives_the_verdicts_of_fhir_but_for_doses_less_often_than_daily(forms: dict[str, Verdicts]) -> None:
    differing = list(unlike(forms["fhir"], forms["omop"]))
    assert differing, "none is left: say so in docs/virtual-clinic.md and here"
    for number, name in differing:
        before, after = forms["fhir"][number][name], forms["omop"][number][name]
        assert (name, before.verdict, after.verdict) == ("I3", Verdict.MET, Verdict.UNKNOWN), number
        assert {gap.reason for gap in after.missing} == {Reason.NO_DOSE} and number in less_than_daily()
    assert WEEKLY in " ".join(PAGE.read_text(encoding="utf-8").split())


def test_omop_answers_nothing_that_an_incomplete_date_leaves_open(folder: Path) -> None:
    vague = parse_parameters(VAGUE, "vague.yaml")
    fhir, omop = (screened(folder / f"vague-{form}", form, vague) for form in ("fhir", "omop"))
    differing = list(unlike(fhir, omop))
    assert {omop[number][name].verdict for number, name in differing} == {Verdict.UNKNOWN}
