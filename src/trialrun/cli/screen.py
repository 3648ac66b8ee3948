"""`trialrun screen`: who may join, with the evidence for one person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from trialrun.cli.options import Flag, day, day_or_today
from trialrun.cli.terminal import counted, say, say_heading, say_json, say_wrapped, warn
from trialrun.errors import EXIT_DONE, EXIT_FINDINGS, UsageError, shortened

if TYPE_CHECKING:
    from trialrun.patients.person import Person
    from trialrun.screening.explanation import Explained, Explanation
    from trialrun.vocabulary.terms import Vocabulary

_SIGN = {"met": "yes", "not met": "no", "unknown": "?"}
_MOST_ROWS = 4


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
        A FHIR R4 bundle (JSON, or gzip), a folder of bundles, a bulk export (NDJSON), OMOP or CSV tables, or a
        made-up person who ships: may-join, may-not-join, unknown.
    person
        Id of the person; needed where the bundle holds several.
    on
        Screening date; today unless given. Nothing recorded after it is looked at.
    start
        Planned day 1; consent and enrolment are projected to the screening date.
    answers
        CSV file of what persons answered: person,item,answer,by,on.
    terms
        File of the site's own terms and local codes, on top of the study's.
    omop
        Folder with CONCEPT.csv and CONCEPT_ANCESTOR.csv, so that terms take in all their descendants.
    page
        HTML page to write, for printing and filing.
    json
        Print the explanation as JSON.
    """
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
        _print(found)
    if page is not None:
        _write_page(page, found)
    return EXIT_FINDINGS if found.standing.value == "excluded" else EXIT_DONE


def _write_page(page: Path, found: Explanation) -> None:
    from trialrun.files import write_text
    from trialrun.screening.page import explanation_page

    write_text(page, explanation_page(found), replace=False)
    warn(f"Written: {page}")


def _vocabulary(study: Vocabulary, terms: Path | None, omop: Path | None) -> Vocabulary:
    """The study's terms with the site's own on top: they change how rows are read, never what a rule names."""
    from trialrun.vocabulary.omop_tables import with_omop_tables
    from trialrun.vocabulary.own_terms import with_terms_file

    layered = with_terms_file(study, terms) if terms is not None else study
    return with_omop_tables(layered, omop) if omop is not None else layered


def _person(patients: Path, person: str | None) -> Person:
    from trialrun.patients.sources import open_source

    source = open_source(patients)
    if person is not None:
        return source.person(person)
    if not source.single:
        raise UsageError(f"which person of the {source.kind}?", hint="Add: --person ID")
    people = list(source.people())
    if len(people) > 1:
        names = ", ".join(one.id for one in people[:10])
        raise UsageError(
            f"'{patients}' holds {len(people)} persons: which one?", hint=f"Add --person with one of: {names}"
        )
    return people[0]


# --- for reading ----------------------------------------------------------------------------------------------------


def _print(found: Explanation) -> None:
    from trialrun.screening.basis import basis

    say(f"{found.trial}, person {found.person} on {found.anchors.on}: {_headline(found)}")
    for remark in found.remarks:
        say_wrapped(f"! {remark}", indent="  ")
    for words in basis(found):
        say_wrapped(words, indent="  ")
    against, unknown = found.against(), found.unknown()
    if against:
        say_heading("Against joining")
        for one in against:
            _print_reason(one)
    if unknown:
        say_heading("Still unknown, and who can say")
        for one in unknown:
            _print_missing(one)
    say_heading("Every criterion")
    for one in found.criteria:
        _print_criterion(one, found, 0)
    _print_duties(found)
    _print_end(found)


def _headline(found: Explanation) -> str:
    if found.standing.value == "excluded":
        names = ", ".join(one.id for one in found.against())
        return f"MAY NOT JOIN ({names or 'recorded as deceased'})."
    if found.standing.value == "eligible":
        return "MAY JOIN, by everything recorded and answered."
    criteria = "criterion" if len(found.criteria) == 1 else "criteria"
    return f"UNKNOWN: nothing known is against it, {len(found.unknown())} of {len(found.criteria)} {criteria} open."


def _print_reason(one: Explained) -> None:
    kind = "exclusion applies" if one.excludes else "inclusion not met"
    say_wrapped(f"{one.id:4} {kind}: {shortened(one.says, 150)}", indent="     ", first="")
    for part in one.deciding():
        name = f"{part.id}: " if part is not one else ""
        say_wrapped(name + "; ".join(part.facts[:_MOST_ROWS]), indent="       ", first="     - ")


def _print_missing(one: Explained) -> None:
    say_wrapped(f"{one.id:4} {shortened(one.says, 150)}", indent="     ", first="")
    for name, gap in one.open_questions():
        words = gap.words if f"[{name}" in gap.words else f"{gap.words} [{name}]"
        say_wrapped(f"{words} -> {gap.supplier}", indent="       ", first="     - ")


def _print_criterion(one: Explained, found: Explanation, depth: int, *, needed: bool = True) -> None:
    pad = "  " * depth
    word = _word(one) if needed or one.verdict.value != "unknown" else "(unasked)"
    say_wrapped(f"{pad}{one.id:6} {word:9} {one.says}", indent=pad + " " * 17, first="")
    inner = pad + " " * 7
    if one.rule and not one.parts:
        say_wrapped(f"rule: {one.rule}", indent=inner + "      ", first=inner)
    for note in () if one.parts else one.facts[:_MOST_ROWS]:
        say_wrapped(f"because: {note}", indent=inner + "         ", first=inner)
    for words in () if one.parts else one.finding.assumed:
        say_wrapped(f"assumed: {words}", indent=inner + "         ", first=inner)
    if one.assumes:
        say_wrapped(f"undecided: {', '.join(one.assumes)}", indent=inner + "           ", first=inner)
    if one.referral:
        say_wrapped(f"advice: {one.referral}", indent=inner + "        ", first=inner)
    for part in one.parts:
        _print_criterion(part, found, depth + 1, needed=one.verdict.value == "unknown")


def _word(one: Explained) -> str:
    """The verdict as it bears on joining: an exclusion that applies is said so."""
    if one.verdict.value == "unknown":
        return "unknown"
    if one.excludes:
        return "APPLIES" if one.verdict.value == "met" else "no"
    return "met" if one.verdict.value == "met" else "NOT MET"


def _print_duties(found: Explanation) -> None:
    if not found.duties:
        return
    say_heading("Promises after enrolment (watched, not judged here)")
    for duty in found.duties:
        say_wrapped(f"{duty.id:6} {duty.rule}", indent="       ", first="")


def _print_end(found: Explanation) -> None:
    say()
    if found.set_aside:
        say_wrapped(
            f"{counted(len(found.set_aside), 'row')} not looked at: "
            + "; ".join(f"{row.row}: {row.why}" for row in found.set_aside[:_MOST_ROWS])
        )
    say_wrapped(
        f"Protocol {found.protocol_hash[:12]}, terms {found.vocabulary[:12]}. For research; not clinically validated."
    )
