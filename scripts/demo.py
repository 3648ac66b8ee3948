"""`make run`: the founding study from its record to a participant's calendar, through the real commands.

python -m scripts.demo FOLDER     FOLDER is recreated each time, and only if an earlier run made it
"""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import time
from pathlib import Path

from trialrun.cli.main import main as trialrun
from trialrun.patients.shipped import shipped_answers, shipped_bundle, shipped_names
from trialrun.registry.shipped import shipped_page_path, shipped_record_path

STUDY = "NCT04062006"
START = "2026-12-07"
SCREENED = "2026-11-23"
CLINIC = 2000
_MARK = ".made-by-make-run"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0] if arguments else "demo")
    if not _recreate(folder):
        return 3
    began = time.monotonic()
    home, drafted = str(folder / "home"), folder / "2-drafted.yaml"
    _title("1. The registered record, as a reader wants it")
    _run(folder / "1-record.txt", 24, "add", str(shipped_record_path(STUDY)), "--home", home)
    _run(folder / "1-record.txt", 24, "show", STUDY, "--home", home)
    _title("2. A protocol file drafted from the record and the record page")
    sources = (str(shipped_record_path(STUDY)), str(shipped_page_path(STUDY)))
    _run(None, 14, "draft", *sources, "-o", str(drafted), "--home", home)
    _title("3. The founding study's protocol file, checked against its record")
    _run(folder / "3-check.txt", 40, "check", STUDY, "--home", home)
    _title(f"4. A participant who starts on {START}")
    files = ("--ics", str(folder / "4-visits-001.ics"), "--svg", str(folder / "4-timeline.svg"))
    _run(folder / "4-calendar.txt", 40, "schedule", STUDY, "--start", START, *files, "--home", home)
    _title(f"5. Three made-up people, screened on {SCREENED}")
    _screen_people(folder)
    _title(f"6. A made-up clinic of {CLINIC:,} people, screened on {SCREENED}")
    words = ["screen", STUDY, "--patients", f"virtual-clinic:{CLINIC}", "--on", SCREENED, "--limit", "5"]
    pages = ("--page", str(folder / "6-clinic.html"), "--share", str(folder / "6-clinic-to-pass-on.html"))
    _run(folder / "6-clinic.txt", 95, *words, *pages, "--ask", str(folder / "6-questions.csv"))
    _title("Written")
    for path in sorted(path for path in folder.iterdir() if path.is_file() and path.name != _MARK):
        print(f"  {path}")
    print(f"\nDone in {time.monotonic() - began:.1f} s. Nothing here is clinically validated.")
    return 0


def _screen_people(folder: Path) -> None:
    """One who may join, with the investigator's answers; one who may not; one of whom too little is known."""
    for name in shipped_names():
        bundle = folder / f"5-person-{name}.json"
        bundle.write_bytes(shipped_bundle(name))
        words = ["screen", STUDY, "--patients", str(bundle), "--on", SCREENED]
        answers = shipped_answers(name)
        if answers is not None:
            file = folder / f"5-answers-{name}.csv"
            file.write_bytes(answers)
            words += ["--answers", str(file)]
        _run(folder / f"5-screen-{name}.txt", 14, *words, "--page", str(folder / f"5-screen-{name}.html"))


def _recreate(folder: Path) -> bool:
    """Empties the folder of an earlier run; a folder that somebody else made is left alone."""
    if folder.exists():
        if not (folder / _MARK).exists():
            print(f"'{folder}' exists and was not made by this command; it is left as it is.", file=sys.stderr)
            return False
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return True


def _title(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n== {text}")


def _run(keep: Path | None, lines: int, *words: str) -> None:
    """Runs one command as a user would; shows the beginning of its answer and keeps the whole."""
    print(f"$ trialrun {' '.join(words)}\n")
    answer = io.StringIO()
    with contextlib.redirect_stdout(answer):
        code = trialrun(words)
    if code not in (0, 1):
        raise SystemExit(code)
    text = answer.getvalue()
    shown = text.splitlines()
    print("\n".join(shown[:lines]))
    if len(shown) > lines:
        print(f"… {len(shown) - lines} more lines" + (f" in {keep}" if keep else ""))
    if keep is not None:
        with keep.open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
