"""`trialrun screen` of many people: reads them, counts them, and writes what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.cli.terminal import asked_in_words, counted, progress, say_json, warn
from trialrun.errors import EXIT_DONE, InputError, UsageError

if TYPE_CHECKING:
    from trialrun.patients.person import Person
    from trialrun.patients.sources import Source
    from trialrun.screening.crowd import Crowd
    from trialrun.screening.questions import Question
    from trialrun.screening.run import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written.

    Args:
        page, ask, out, share: Files to write.
        limit: How many candidates to show; 0 = all.
        json: Whether the answer is JSON.
    """

    page: Path | None
    ask: Path | None
    out: Path | None
    share: Path | None
    limit: int
    json: bool

    def check(self) -> None:
        """Refuses what cannot be written, before anybody is screened.

        Raises:
            UsageError, InputError, MachineError: it cannot.
        """
        from trialrun.files import refuse_targets
        from trialrun.screening.verdict_files import check_target

        if self.limit < 0:
            raise UsageError(f"--limit {self.limit} is below 0", hint="0 shows everybody.")
        files = [path for path in (self.page, self.ask, self.out, self.share) if path is not None]
        refuse_targets(files)
        if self.out is not None:
            check_target(self.out)


def screen_many(run: Run, source: Source, wanted: Wanted) -> int:
    """Screens everybody of a source; a person or file that cannot be read is told and counted, and stops nobody.

    Raises:
        InputError: nobody can be read, or a file to write exists.
        MachineError: a file cannot be written.
    """
    from trialrun.screening.crowd_json import crowd_json

    wanted.check()
    crowd, asked, in_place = _crowd(run, source, wanted)
    _write(crowd, asked, in_place, wanted)  # before printing: who reads the answer may close the pipe half way
    if wanted.json:
        say_json(crowd_json(crowd, wanted.limit))
    else:
        from trialrun.cli.crowd_words import say_crowd

        say_crowd(crowd, wanted.limit)
    for words in crowd.report.shortfall():
        warn(words)
    return EXIT_DONE


def _crowd(run: Run, source: Source, wanted: Wanted) -> tuple[Crowd, list[Question], int]:
    """The people counted; what is to be asked of whom, and how much of it in place of a record."""
    from trialrun.patients.report import RunningReport
    from trialrun.screening.crowd import Gathering
    from trialrun.screening.disclosure import shared
    from trialrun.screening.questions import in_place_of_record, questions
    from trialrun.screening.verdict_files import verdict_file
    from trialrun.screening.verdict_rows import verdict_rows

    report, errors = RunningReport(), list[InputError]()
    gathering = Gathering(run, source.describe())
    asked: list[Question] = []
    in_place = 0
    with ExitStack() as stack:
        write = stack.enter_context(verdict_file(wanted.out)) if wanted.out is not None else None
        shown = stack.enter_context(progress("people screened", source.count()))
        people: Iterator[Person] = source.people(on=run.anchors.on, on_report=report.add, on_error=errors.append)
        for found in run.each(people):
            gathering.add(found)
            if write is not None:
                write(verdict_rows(found))
            if wanted.ask is not None:
                stand_ins = in_place_of_record(found)
                in_place += len(stand_ins)
                asked += (*questions(found), *stand_ins)
            shown.step()
        if not gathering.persons:
            raise errors[0] if errors else InputError(f"There is nobody in the {source.describe()}")
        crowd = gathering.crowd(report.total())
        if wanted.share is not None:
            shared(crowd.living)  # refused while nothing is in place yet
    return crowd, asked, in_place


def _write(crowd: Crowd, asked: list[Question], in_place: int, wanted: Wanted) -> None:
    from trialrun.files import write_text

    if wanted.ask is not None:
        from trialrun.screening.asking import asking_csv

        order = {one.person: place for place, one in enumerate(crowd.candidates)}
        rows = sorted(asked, key=lambda one: order.get(one.person, len(order)))
        about = f" about {counted(len(order), 'candidate')}"
        words = asked_in_words(len(rows) - in_place, in_place, about)
        write_text(wanted.ask, asking_csv(rows), replace=False)
        warn(f"Written: {wanted.ask}, {words}")
    if wanted.page is not None:
        from trialrun.screening.crowd_page import crowd_page

        write_text(wanted.page, crowd_page(crowd), replace=False)
        warn(f"Written: {wanted.page}")
    if wanted.share is not None:
        from trialrun.screening.share import share_page

        write_text(wanted.share, share_page(crowd), replace=False)
        warn(f"Written: {wanted.share}")
    if wanted.out is not None:
        warn(f"Written: {wanted.out}")
