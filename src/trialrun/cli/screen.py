"""`trialrun screen`: who may join, of one person or of many."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from trialrun.cli.options import Flag, day, day_or_today
from trialrun.cli.terminal import asked_in_words, say_json, warn
from trialrun.errors import EXIT_DONE, EXIT_FINDINGS, InputError, UsageError, shortened

if TYPE_CHECKING:
    from datetime import date

    from trialrun.patients.person import Person
    from trialrun.patients.sources import Source
    from trialrun.screening.explanation import Explanation
    from trialrun.screening.run import Run
    from trialrun.vocabulary.terms import Vocabulary

_MOST_IDS = 10
_MOST_ASKED = 50
"""People who are read only to name the ids there are."""


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
    out: Path | None = None,
    share: Path | None = None,
    limit: int = 20,
    engine: str = "python",
    json: Flag = False,
    home: Annotated[Path | None, Parameter(show=False)] = None,
) -> int:
    """Say who may join, and why: one person with every sentence and its evidence, or many people as a funnel.

    What only a person can say comes in with --answers; without it those criteria stay unknown, and unknown is never
    met. The exit code is 1 when the one person is excluded.

    Example: `trialrun screen NCT04062006 --patients export/ --on 2026-11-25`

    Example: `trialrun screen NCT04062006 --patients bundle.json --person 007 --on 2026-11-25`

    Parameters
    ----------
    file
        A protocol file, or the name of a study that ships.
    patients
        A FHIR R4 bundle (JSON, or gzip), a folder of bundles, a FHIR bulk export (NDJSON), OMOP tables, CSV tables, a
        made-up person who ships (may-join, may-not-join, unknown), or made-up people: virtual-clinic:2000.
    person
        Id of one person to explain; without it everybody is screened.
    on
        Screening date; today unless given. Nothing recorded after it is looked at.
    start
        Planned day 1; consent and enrolment are projected to the screening date.
    answers
        CSV file of what persons answered: person,item,answer,by,on. `by` is a name and a role: "Li Wei, investigator".
    terms
        File of the site's own terms and local codes, on top of the study's.
    omop
        Folder with CONCEPT.csv and CONCEPT_ANCESTOR.csv, so that terms take in all their descendants. Those that lie
        beside OMOP tables of people are used without it.
    page
        HTML page to write, for printing and filing: the explanation of the one person, or the funnel and the candidates.
    ask
        CSV file to write: the questions that only a person can answer and that can still change a verdict, then what
        the record leaves open and a person may answer in its place, with the columns of an answers file. Fill in
        answer, by and on, and give it back with --answers.
    out
        Table to write of all verdicts with their evidence, one line a row: .parquet or .csv.
    share
        HTML page to write of the funnel that is safe to pass on: no ids, and counts rounded so that no group of fewer than
        5 people can be worked out. It needs at least 10 people.
    limit
        How many candidates to show; 0 shows all.
    engine
        python: every person by the definition of the rules.
    json
        Print the answer as JSON.
    """
    from trialrun.cli.screen_many import Wanted, screen_many
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.patients.answers import NO_ANSWERS, read_answers
    from trialrun.patients.sources import open_source
    from trialrun.protocol.shipped import find_protocol
    from trialrun.screening.run import Run

    del home
    if engine != "python":
        raise UsageError(f"there is no engine '{engine}' yet", hint="Known: python.")
    screening_day = day_or_today(on, "--on")
    first_day = day(start, "--start") if start is not None else None
    if first_day is not None and first_day < screening_day:
        raise UsageError(
            f"--start {first_day} lies before the screening date {screening_day}", hint="Give an earlier --on."
        )
    protocol = find_protocol(file)
    source = open_source(patients)
    run = Run(
        protocol,
        Anchors.screening(screening_day, first_day),
        _vocabulary(protocol.vocabulary, source, terms, omop),
        read_answers(answers) if answers is not None else NO_ANSWERS,
    )
    one = _the_one(source, person, screening_day)
    if one is None:
        return screen_many(run, source, Wanted(page, ask, out, share, limit, json))
    for name, given in (("--out", out), ("--share", share)):
        if given is not None:
            raise UsageError(f"{name} is for many people, and this is one", hint="Leave it out, or leave out --person.")
    return _explain(run, one, page, ask, json=json)


def _the_one(source: Source, person: str | None, on: date) -> Person | None:
    """The person who is named, or the only one of a bundle; None where everybody is meant."""
    if person is not None:
        return _named_person(source, person, on)
    if not source.single:
        return None
    people = list(islice(source.people(), 2))
    return people[0] if len(people) == 1 else None


def _explain(run: Run, person: Person, page: Path | None, ask: Path | None, *, json: bool) -> int:
    from trialrun.cli.screen_words import say_explanation
    from trialrun.files import refuse_targets
    from trialrun.screening.answer import explanation_json

    refuse_targets([path for path in (page, ask) if path is not None])
    found = run.explained(person)
    if page is not None:  # before anything is printed: who reads the answer may close the pipe half way
        _write_page(page, found)
    if ask is not None:
        _write_questions(ask, found)
    if json:
        say_json(explanation_json(found))
    else:
        say_explanation(found)
    return EXIT_FINDINGS if found.standing.value == "excluded" else EXIT_DONE


def _write_page(page: Path, found: Explanation) -> None:
    from trialrun.files import write_text
    from trialrun.screening.page import explanation_page

    write_text(page, explanation_page(found), replace=False)
    warn(f"Written: {page}")


def _write_questions(path: Path, found: Explanation) -> None:
    from trialrun.files import write_text
    from trialrun.screening.asking import asking_csv
    from trialrun.screening.questions import in_place_of_record, questions

    asked, in_place = questions(found), in_place_of_record(found)
    write_text(path, asking_csv((*asked, *in_place)), replace=False)
    warn(f"Written: {path}, {asked_in_words(len(asked), len(in_place))}")


def _vocabulary(study: Vocabulary, source: Source, terms: Path | None, omop: Path | None) -> Vocabulary:
    """The study's terms with what lies beside OMOP tables, and the site's own terms on top.

    They change how rows are read, never what a rule names.
    """
    from trialrun.patients.sources import Kind
    from trialrun.vocabulary.omop_tables import with_omop_tables
    from trialrun.vocabulary.own_terms import with_terms_file

    layered = study
    if source.kind is Kind.OMOP and omop is None:
        from trialrun.patients.omop.vocabulary import with_own_tables

        layered = with_own_tables(study, source.path)
    if terms is not None:
        layered = with_terms_file(layered, terms)
    return with_omop_tables(layered, omop) if omop is not None else layered


def _named_person(source: Source, person: str, on: date) -> Person:
    """A person by id; where there is none, the error names the nearest id and those there are.

    Raises:
        InputError: there is no such person, or the records cannot be read.
    """
    try:
        return source.person(person, on=on)
    except InputError:
        known = [one.id for one in islice(source.people(on_error=lambda _: None), _MOST_ASKED)]
        if person in known or not known:
            raise
    words = [f"Did you mean '{near}'?" for near in get_close_matches(person, known, n=1, cutoff=0.6)]
    named = ", ".join(shortened(name) for name in known[:_MOST_IDS]) + (", …" if len(known) > _MOST_IDS else "")
    hint = " ".join([*words, f"Ids there: {named}"])
    raise InputError(f"There is no person '{shortened(person)}' in '{source.path}'", hint=hint)
