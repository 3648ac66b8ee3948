"""`trialrun patients`: who is in a source, and what of it could not be read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.cli.options import Flag, day
from trialrun.cli.terminal import progress, say, say_json, say_wrapped, warn
from trialrun.errors import EXIT_DONE, EXIT_FINDINGS, InputError

if TYPE_CHECKING:
    from trialrun.patients.report import ReadReport
    from trialrun.patients.sources import Source

_MOST_TOLD = 10
_LARGE = 30_000_000
"""Bytes of an export from which sorting takes more than a moment."""
_NO_COVERAGE = (
    "Nobody is recorded completely for any stretch of time, so 'none found' is never read as 'no' "
    "(docs/patients.md says how a source can state it)."
)


def patients(path: Path, /, *, on: str | None = None, json: Flag = False) -> int:
    """Say who is in a source of patients and what could not be read of it, before anybody is screened.

    The exit code is 1 when a file or a person was rejected, or something was lost.

    Example: `trialrun patients export/ --on 2026-11-25`

    Parameters
    ----------
    path
        A FHIR R4 bundle (JSON, or gzip), a folder of bundles, a FHIR bulk export (NDJSON), OMOP tables, CSV tables,
        a made-up person who ships (may-join, may-not-join, unknown), or made-up people: virtual-clinic:2000.
    on
        Rows after this date are counted as future.
    json
        Print the account as JSON.
    """
    from trialrun.patients.sources import open_source

    source = open_source(path)
    report, covered = _read(source, on)
    if json:
        say_json({"source": str(path), "kind": source.kind.value, "covered": covered, **report.as_json()})
    else:
        say_wrapped(source.describe())
        say(report.in_words())
        if report.people:
            say_wrapped(_coverage(covered, report.people))
    return EXIT_FINDINGS if report.rejected_files or report.rejected_people or report.lost_count else EXIT_DONE


def _read(source: Source, on: str | None) -> tuple[ReadReport, int]:
    """The account of everybody, and for how many a complete stretch is stated."""
    from trialrun.patients.mapping import TermCount
    from trialrun.patients.report import ReadReport, RunningReport
    from trialrun.vocabulary.shipped_terms import shipped

    terms = TermCount(shipped())
    running, covered, told = RunningReport(), 0, 0

    def rejected(error: InputError) -> None:
        nonlocal told
        told += 1
        if told <= _MOST_TOLD:
            warn(f"rejected: {error}")
        elif told == _MOST_TOLD + 1:
            warn("More were rejected; the account below counts them.")

    _announce(source)
    with progress("people read", source.count()) as shown:
        reading = source.people(
            on=day(on, "--on") if on is not None else None,
            on_report=running.add,
            on_error=None if source.single else rejected,  # with its one file rejected there is nothing to account for
        )
        for person in reading:
            terms.add(person)
            covered += bool(person.coverage)
            shown.step()
    running.add(
        ReadReport(meant=terms.meant, not_understood=terms.not_understood, not_understood_codes=terms.most_frequent())
    )
    return running.total(), covered


def _announce(source: Source) -> None:
    """Says why nothing is counted yet: an export is sorted before the first person comes."""
    from trialrun.patients.sources import Kind

    if source.kind is Kind.EXPORT and source.size() > _LARGE and sys.stderr.isatty():
        warn("Sorting the export by person; a gigabyte takes about half a minute.")


def _coverage(covered: int, people: int) -> str:
    if not covered:
        return _NO_COVERAGE
    return f"A stretch of time for which the record is said to be complete: {covered:,} of {people:,} people."
