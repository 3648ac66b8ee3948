"""`trialrun clinic`: a made-up clinic, the same one for the same seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from trialrun.cli.options import Flag, day
from trialrun.cli.terminal import counted, progress, say, say_json, say_table, warn
from trialrun.errors import EXIT_DONE, UsageError


def clinic(
    *,
    people: int,
    seed: str,
    as_: Annotated[Literal["fhir", "ndjson", "omop"], Parameter(name="--as")],
    out: Annotated[Path, Parameter(name=("--out", "-o"))],
    parameters: Path | None = None,
    on: str | None = None,
    clean: Flag = False,
    gzip: Flag = False,
    part: int | None = None,
    json: Flag = False,
    home: Annotated[Path | None, Parameter(show=False)] = None,
) -> int:
    """Make up the people of a rheumatology clinic and write them into a new folder.

    The same seed, date and parameters give the same people again, on any machine. Nobody of them exists, each file says
    so, and how common anything is among them says nothing of anywhere. See docs/virtual-clinic.md.

    Example: `trialrun clinic --people 2000 --seed 7 --as fhir -o clinic`

    Parameters
    ----------
    people
        How many.
    seed
        A word or a number; another one gives other people.
    as_
        fhir: a bundle a person. ndjson: a FHIR bulk export. omop: OMOP CDM 5.4 tables in Parquet.
    out
        Folder to write; it must not exist yet, or be empty.
    parameters
        File with your own values of some parameters: sections and names as in docs/virtual-clinic.md.
    on
        The day the records are of, as 2026-11-23, which is the day unless given; screen the people on this day.
    clean
        Leave out everything that is messy: the same people with the records as they should be.
    gzip
        Pack the files of an NDJSON export.
    part
        Split the files of an NDJSON export after so many lines.
    json
        Print counts as JSON.
    home
        Not used by this command; taken so that every command takes it.
    """
    from trialrun.files import refuse_full
    from trialrun.patients.clinic.folders import Source, write_clinic
    from trialrun.patients.clinic.parameters import read_parameters, shipped_parameters
    from trialrun.patients.clinic.people import DEFAULT_DAY, made_up_people

    del home
    _check(people, seed, as_, gzip, part)
    when = day(on, "--on") if on is not None else DEFAULT_DAY
    if not 1970 <= when.year <= 2200:
        raise UsageError(f"--on {when}: records of that day cannot be made up", hint="Give a day from 1970 to 2200.")
    refuse_full(out)
    used = read_parameters(parameters) if parameters is not None else shipped_parameters()
    used = used.without("messiness") if clean else used
    source = Source(seed, people, when, used)
    with progress("people made up", people) as shown:
        made = made_up_people(people, seed, when, used)
        counts = write_clinic(out, as_, made, source, packed=gzip, lines_a_part=part, step=shown.step)
    if json:
        say_json(_as_json(source, as_, out, counts))
    else:
        say(
            f"{people:,} {'person' if people == 1 else 'people'} made up, seed {seed}, records as of {when}. "
            "Nobody of them exists."
        )
        say()
        say_table(("row" if as_ == "omop" else "resource", "count"), [(name, f"{n:,}") for name, n in counts.items()])
    for one in source.changed() if parameters is not None else ():
        warn(f"Not as shipped: {one}")
    warn(f"Written: {out} ({counted(sum(counts.values()), 'row')})")
    return EXIT_DONE


def _check(people: int, seed: str, form: str, packed: bool, part: int | None) -> None:
    """Refuses what cannot be meant.

    Raises:
        UsageError: so.
    """
    from trialrun.patients.clinic.people import LONGEST_SEED, MOST_PEOPLE

    if not 1 <= people <= MOST_PEOPLE:
        raise UsageError(f"--people {people} is not between 1 and {MOST_PEOPLE:,}")
    if not seed.strip() or len(seed) > LONGEST_SEED or not seed.isprintable():
        raise UsageError(f"--seed needs a word or a number of at most {LONGEST_SEED} signs", hint="Example: --seed 7")
    if form != "ndjson" and (packed or part is not None):
        raise UsageError("--gzip and --part are for --as ndjson only")
    if part is not None and part < 1:
        raise UsageError(f"--part {part} is not a number of lines", hint="Example: --part 100000")


def _as_json(source: Any, form: str, out: Path, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "made_up": True,
        "people": source.people,
        "seed": source.seed,
        "on": source.on.isoformat(),
        "as": form,
        "folder": str(out),
        "changed": source.changed(),
        "counts": counts,
    }
