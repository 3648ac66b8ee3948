"""`trialrun screen`: who may join, with the evidence for one person."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from trialrun.cli.options import Flag, day, day_or_today
from trialrun.cli.terminal import counted, say_json, warn
from trialrun.errors import EXIT_DONE, EXIT_FINDINGS, InputError, UsageError, shortened

if TYPE_CHECKING:
    from trialrun.patients.person import Person
    from trialrun.screening.explanation import Explanation
    from trialrun.vocabulary.terms import Vocabulary

_MOST_IDS = 10


def screen(
    file: str,
    /,
    *,
    patients: Path,
    person: str | None = None,
    on: str | None = None,
    start: str | None = None,
    answers: Path | None = None,
    terms: Path | None = None,
    omop: Path | None = None,
    page: Path | None = None,
    ask: Path | None = None,
    json: Flag = False,
    home: Annotated[Path | None, Parameter(show=False)] = None,
) -> int:
    """Say whether a person may join, and why: each criterion with its sentence, rule and evidence.

    The exit code is 1 when the person is excluded. What only a person can say comes in with --answers; without it
    those criteria stay unknown, and unknown is never met.

    Example: `trialrun screen NCT04062006 --patients bundle.json --person 007 --on 2026-11-25`

    Parameters
    ----------
    file
        A protocol file, or the name of a study that ships.
    patients
        A FHIR R4 bundle (JSON, or gzip), a folder of bundles, or a made-up person who ships: may-join,
        may-not-join, unknown.
    person
        Id of the person; needed where the bundle holds several.
    on
        Screening date; today unless given. Nothing recorded after it is looked at.
    start
        Planned day 1; consent and enrolment are projected to the screening date.
    answers
        CSV file of what persons answered: person,item,answer,by,on. `by` is a name and a role: "Li Wei, investigator".
    terms
        File of the site's own terms and local codes, on top of the study's.
    omop
        Folder with CONCEPT.csv and CONCEPT_ANCESTOR.csv, so that terms take in all their descendants.
    page
        HTML page to write, for printing and filing.
    ask
        CSV file to write: the questions that only a person can answer and that can still change the verdict, with the
        columns of an answers file. Fill in answer, by and on, and give it back with --answers.
    json
        Print the explanation as JSON.
    """
    from trialrun.cli.screen_words import say_explanation
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.patients.answers import NO_ANSWERS, read_answers
    from trialrun.protocol.shipped import find_protocol
    from trialrun.screening.answer import explanation_json
    from trialrun.screening.explanation import explain
    from trialrun.screening.given import answered, left_out

    del home
    screening_day = day_or_today(on, "--on")
    first_day = day(start, "--start") if start is not None else None
    if first_day is not None and first_day < screening_day:
        raise UsageError(
            f"--start {first_day} lies before the screening date {screening_day}", hint="Give an earlier --on."
        )
    protocol = find_protocol(file)
    given = read_answers(answers) if answers is not None else NO_ANSWERS
    found_person = _person(patients, person)
    found = explain(
        protocol,
        found_person,
        Anchors.screening(screening_day, first_day),
        _vocabulary(protocol.vocabulary, terms, omop),
        answered(given, found_person.id, screening_day),
        remarks=left_out(given, found_person.id, screening_day),
    )
    if json:
        say_json(explanation_json(found))
    else:
        say_explanation(found)
    if page is not None:
        _write_page(page, found)
    if ask is not None:
        _write_questions(ask, found)
    return EXIT_FINDINGS if found.standing.value == "excluded" else EXIT_DONE


def _write_page(page: Path, found: Explanation) -> None:
    from trialrun.files import write_text
    from trialrun.screening.page import explanation_page

    write_text(page, explanation_page(found), replace=False)
    warn(f"Written: {page}")


def _write_questions(path: Path, found: Explanation) -> None:
    from trialrun.files import write_text
    from trialrun.screening.asking import asking_csv
    from trialrun.screening.questions import questions

    rows = questions(found)
    write_text(path, asking_csv(rows), replace=False)
    warn(f"Written: {path}, {counted(len(rows), 'question')}")


def _vocabulary(study: Vocabulary, terms: Path | None, omop: Path | None) -> Vocabulary:
    """The study's terms with the site's own on top: they change how rows are read, never what a rule names."""
    from trialrun.vocabulary.omop_tables import with_omop_tables
    from trialrun.vocabulary.own_terms import with_terms_file

    layered = with_terms_file(study, terms) if terms is not None else study
    return with_omop_tables(layered, omop) if omop is not None else layered


def _made_up(name: Path) -> Person | None:
    """A made-up person who ships, by name; a path that exists goes before a name."""
    from trialrun.patients.shipped import shipped_names, shipped_people

    return shipped_people()[str(name)] if not name.exists() and str(name) in shipped_names() else None


def _person(patients: Path, person: str | None) -> Person:
    from trialrun.patients.fhir.read import read_bundle

    made_up = _made_up(patients)
    if made_up is not None:
        if person not in (None, made_up.id):
            raise UsageError(f"the made-up person '{patients}' is not '{person}'", hint=f"Their id is {made_up.id}.")
        return made_up
    if person is not None:
        return _named_person(patients, person)
    if patients.is_dir():
        raise UsageError("which person of the folder?", hint=f"Add --person with an id: {_some(_ids(patients))}")
    people = read_bundle(patients)
    if len(people) > 1:
        names = _some([one.id for one in people])
        raise UsageError(
            f"'{patients}' holds {len(people)} persons: which one?", hint=f"Add --person with an id: {names}"
        )
    return people[0]


def _named_person(patients: Path, person: str) -> Person:
    """A person by id; where there is none, the error names the nearest id and those there are.

    Raises:
        InputError: there is no such person, or the records cannot be read.
    """
    from trialrun.patients.fhir.read import find_person

    try:
        return find_person(patients, person)
    except InputError:
        known = _ids(patients)
        if person in known:
            raise
    words = [f"Did you mean '{near}'?" for near in get_close_matches(person, known, n=1, cutoff=0.6)]
    hint = " ".join([*words, f"Ids there: {_some(known)}"])
    raise InputError(f"There is no person '{shortened(person)}' in '{patients}'", hint=hint)


def _ids(patients: Path) -> list[str]:
    """The first ids of some records; a folder of thousands of bundles is not read to the end for an error."""
    from trialrun.patients.fhir.read import MAX_ASKED, read_people

    return [one.id for one in islice(read_people(patients), MAX_ASKED)]


def _some(names: list[str]) -> str:
    return ", ".join(shortened(name) for name in names[:_MOST_IDS]) + (", …" if len(names) > _MOST_IDS else "")
