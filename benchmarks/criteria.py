"""Persons per second against six rules, with evidence; the rival runs the same rules as CQL, and must answer the same.

Seconds are of CPU time, on both sides: other work on the machine slows the long rounds of the rival more than ours.
The people are made up (`benchmarks.made_up_people`). The rival is cql-execution with cql-exec-fhir, the CQL engine for
node, on `cql/screen.cql`, which CQL's own translator for node makes into ELM. Its packages are installed on the first run.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.made_up_people import ON, bundles, value_sets

RULES = {
    "age": "age at screening >= 50 years",
    "diagnosis": "diagnosed rheumatoid arthritis, if nothing recorded: no",
    "drug class": "took any TNF inhibitor within 180 days before screening, if nothing recorded: no",
    "dose": "highest daily dose of prednisone within 30 days before screening > 10 mg, if nothing recorded: no",
    "ALT": "latest ALT within 90 days before screening > 3 x ULN",
    "clearance": "creatinine clearance by Cockcroft-Gault <= 30 mL/min",
}
STUDY = "NCT04062006"

_CQL = Path(__file__).parent / "cql"
_NUMBER, _ROUNDS, _WARM, _PATIENCE = 1_000, 3, 50, 300

Verdicts = dict[str, list[bool | None]]
Row = dict[str, Any]


@dataclass(slots=True)
class Ours:
    """What one process measured: CPU seconds a round, the verdicts of each person, peak memory in MB."""

    reading: list[float] = field(default_factory=list)
    six: list[float] = field(default_factory=list)
    study: list[float] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=dict)
    rows: int = 0
    memory: float = 0.0

    @property
    def seconds(self) -> tuple[list[float], list[float], list[float]]:
        """Of reading, of the six rules, of the study."""
        return self.reading, self.six, self.study


@dataclass(slots=True)
class Rival:
    """What the rival measured in its fastest round, or why it did not run."""

    why_not: str = ""
    reading: float = 0.0
    six: float = 0.0
    translating: float = 0.0
    verdicts: Verdicts = field(default_factory=dict)
    memory: float = 0.0


def run() -> list[Row]:
    """Rows of name, value, unit and note; ours is measured before and after the rival."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "bundles")
        folder.mkdir()
        for bundle in bundles(_NUMBER):
            Path(folder, f"{bundle['entry'][0]['resource']['id']}.json").write_text(json.dumps(bundle))
        first = _apart(measure, folder)
        rival = _rival(folder, Path(scratch))
        return list(_table(first, _apart(measure, folder), rival))


def measure(folder: Path) -> Ours:
    """Our side, in a process of its own so that its peak memory is its own."""
    from trialrun.criteria.meaning.case import Case
    from trialrun.criteria.meaning.days import Anchors
    from trialrun.criteria.meaning.history import History
    from trialrun.criteria.meaning.rules import evaluate
    from trialrun.criteria.parsing import parse_rule
    from trialrun.patients.fhir.read import read_people
    from trialrun.protocol.shipped import find_protocol
    from trialrun.screening.explanation import explain
    from trialrun.vocabulary.shipped_terms import shipped

    vocabulary, file, anchors = shipped(), find_protocol(STUDY), Anchors.screening(ON)
    rules = {name: parse_rule(words, vocabulary) for name, words in RULES.items()}
    found = Ours()
    people = _timed(found.reading, lambda: list(read_people(folder)))

    def six(persons: Iterable[Any]) -> Verdicts:
        answers: Verdicts = {}
        for person in persons:
            case = Case(History(person, ON, vocabulary), anchors, {}, rules)
            answers[person.id] = [evaluate(name, case).truth for name in rules]
        return answers

    def study(persons: Iterable[Any]) -> int:
        return sum(len(explain(file, person, anchors, file.vocabulary).criteria) for person in persons)

    six(people[:_WARM]), study(people[:_WARM])
    for _ in range(_ROUNDS):
        found.verdicts = _timed(found.six, lambda: six(people))
        _timed(found.study, lambda: study(people))
    found.rows = sum(len(person.events) for person in people)
    found.memory = peak_memory()
    return found


def peak_memory() -> float:
    """In MB, of this process alone: what getrusage tells also counts the process that started it."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    own = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "")
    return float(own or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


def _timed(seconds: list[float], work: Callable[[], Any]) -> Any:
    start = time.process_time()
    result = work()
    seconds.append(time.process_time() - start)
    return result


def _apart(work: Callable[[Path], Ours], folder: Path) -> Ours:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (folder,))


# --- the rival ------------------------------------------------------------------------------------------------------


def _rival(folder: Path, scratch: Path) -> Rival:
    elm, sets = scratch / "elm.json", scratch / "value-sets.json"
    sets.write_text(json.dumps(value_sets()))
    try:
        _install()
        start = time.perf_counter()
        _node("translate.mjs", elm)
        translating = time.perf_counter() - start
        said = json.loads(_node("run.mjs", elm, sets, folder, ON.isoformat()))
    except FileNotFoundError:
        return Rival("not measured: node or npm is not on this machine")
    except subprocess.SubprocessError as error:
        words = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        return Rival(f"not measured: {words[0][:150] if words else 'it ended with an error'}")
    return Rival("", said["read"], min(said["ran"]), translating, said["verdicts"], said["memory"])


def _install() -> None:
    """The packages of `package-lock.json`, by their names and hashes, where they are not there yet."""
    if not (_CQL / "node_modules" / ".package-lock.json").exists():
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def _node(script: str, *arguments: object) -> str:
    return _run("node", script, *map(str, arguments))


def _run(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(program)
    command = [path, *arguments]
    environment = {**os.environ, "TZ": "UTC"}
    done = subprocess.run(
        command, cwd=_CQL, env=environment, check=True, capture_output=True, text=True, timeout=_PATIENCE
    )
    return done.stdout


# --- the table ------------------------------------------------------------------------------------------------------


def _table(first: Ours, second: Ours, rival: Rival) -> Iterable[Row]:
    reading, six, study = (min([*one, *other]) for one, other in zip(first.seconds, second.seconds, strict=True))
    each = f"{_NUMBER:,} people of {first.rows / _NUMBER:.0f} rows"
    rounds = f"fastest of {2 * _ROUNDS} rounds"
    memory = f"peak memory {max(first.memory, second.memory):.0f} MB"
    yield _row("screening, 6 rules with evidence", _NUMBER / six, "persons/s", f"{each}; CPU time, {rounds}; {memory}")
    note = f"reading is {reading:.2f} s; the rival reads the same files"
    yield _row("screening, FHIR files read first", _NUMBER / (six + reading), "persons/s", note)
    if rival.why_not:
        yield _row("cql-execution, the same 6 rules", 0, "persons/s", rival.why_not)
    else:
        yield from _beside(rival, first.verdicts, six, six + reading)
    note = f"19 criteria of {STUDY} explained; {rounds}; aim < 1"
    yield _row("screening, founding study, in memory", study / _NUMBER * 1_000, "ms/person", note)
    total = (study + reading) / _NUMBER * 1_000
    yield _row("screening, founding study, FHIR files read first", total, "ms/person", "")


def _beside(rival: Rival, verdicts: Verdicts, six: float, whole: float) -> Iterable[Row]:
    theirs, rival_whole = rival.six, rival.six + rival.reading
    note = f"rival; CPU time, fastest of 3 rounds; peak memory {rival.memory:.0f} MB; translated in {rival.translating:.1f} s"
    yield _row("cql-execution, the same 6 rules", _NUMBER / theirs, "persons/s", note)
    yield _row("cql-execution, FHIR files read first", _NUMBER / rival_whole, "persons/s", "rival")
    yield _row("times the rival's speed", theirs / six, "", "aim >= 100")
    yield _row("times the rival's speed, FHIR files read first", rival_whole / whole, "", "")
    differ = list(_differences(verdicts, rival.verdicts))
    counted = Counter(rule for rule, _ in differ)
    rest = ", ".join(f"{rule}: {number}" for rule, number in counted.items())
    note = f"{rest}; the first: {differ[0][1]}" if differ else f"of {len(verdicts) * len(RULES):,}: {_spread(verdicts)}"
    yield _row("verdicts that differ from the rival's", len(differ), "", note)


def _differences(ours: Verdicts, theirs: Verdicts) -> Iterable[tuple[str, str]]:
    """Rule by rule and person by person; a person only one side knows differs in every rule."""
    for person in dict.fromkeys([*ours, *theirs]):
        for number, rule in enumerate(RULES):
            one, other = (side[person][number] if person in side else "absent" for side in (ours, theirs))
            if one is not other:
                yield rule, f"{person} {rule} is {one} here and {other} there"


def _spread(verdicts: Verdicts) -> str:
    found = Counter(verdict for answers in verdicts.values() for verdict in answers)
    return f"{found[True]:,} true, {found[False]:,} false, {found[None]:,} unknown"


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "note": note}
