"""Bad input through the real commands: a clear error in under two seconds, nothing half-written, memory bounded."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trialrun.protocol.shipped import shipped_text

STUDY = "NCT04062006"
MEMORY = 1_500 * 2**20
"""Address space a command may take here: Python, its libraries, and a bounded part of the input."""

PROTOCOLS = {
    "alias bomb": (
        "format: trialrun/1\na: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a, *a]\n" for n in range(50)),
        "names a value for repeating",
    ),
    "an anchor that contains itself": ("format: &a\n  - *a\n", "repeats another value"),
    "deep nesting": ("a:\n" + "".join(" " * n + "a:\n" for n in range(1, 400)), "levels deep"),
    "brackets without end": ("[" * 100_000, "nesting depth"),
    "visits that wait for each other": ("visits", "wait for each other"),
    "an impossible date": ("date", "does not exist in the calendar"),
    "a window before consent": ("window", "before the visit at which consent is given"),
    "a million dosing days": ("days", "day 1000000 is more than a hundred years from day 1"),
    "too many dosing days": ("many days", "more than 20,000 dosing days"),
    "a day far away": ("far", "more than a hundred years"),
    "binary": ("\x00\x01\x02", "cannot stand in a text file"),
    "nothing": ("", "a protocol file is a map"),
    "HTML": ("<!DOCTYPE html><html><body>404</body></html>", "a protocol file is a map"),
}
CHANGES = {
    "visits": (
        "week 2: day 15, before dose, epoch treatment [A6]",
        "week 2: 2 days after week 4\n  week 4: 2 days after week 2 #",
    ),
    "date": ("decided by: nobody yet", 'use: per m2\n    decided by: A\n    decided on: 2026-02-30\n    reason: "x"'),
    "window": ("baseline: day 1, before first dose", "baseline: day 1, window -60..+0, before first dose"),
    "days": ("days: 1-5, 8-12, 15-19, 22-26; 33, 40 ... 82", "days: every 1 from 1 to 1000000"),
    "many days": ("days: 1-5, 8-12, 15-19, 22-26; 33, 40 ... 82", "days: every 1 from 1 to 30000"),
    "far": ("week 12: day 85", "week 12: day 9999999"),
}

RECORDS: dict[str, tuple[bytes, str]] = {
    "cut off": (b'{"protocolSection": {"identificationModule": {"nctId": "NCT04062006"', "cut off"),
    "UTF-16": (b"\xff\xfe{\x00}\x00", "not UTF-8"),
    "Latin-1": ('{"protocolSection": "größer"}'.encode("latin-1"), "not UTF-8"),
    "HTML": (b"<!DOCTYPE html><html></html>", "HTML"),
    "not a number": (b'{"a": NaN}', "NaN"),
    "brackets without end": (b"[" * 200_000, "nested deeper"),
    "a key twice": (b'{"a": 1, "a": 2}', "given twice"),
    "no studies": (b'{"studies": []}', "empty"),
    "an archive": (b"PK\x03\x04\x00\x00", "binary"),
    "a gzip bomb": (gzip.compress((b" " * 1_000_000 + b"\n") * 50), "bomb"),
    "a gzip of empty lines": (gzip.compress(b"\n" * 50_000_000), "empty lines"),
    "a damaged gzip": (gzip.compress(b"{}" * 1000)[:-12], "damaged"),
}


def run(*words: str | Path) -> tuple[int, str, float]:
    """The command in a process of its own with bounded memory: exit code, what it said, and its CPU seconds."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "trialrun", *map(str, words)],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
        timeout=60,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    assert "Traceback" not in done.stderr
    return done.returncode, " ".join(done.stderr.split()), seconds


def protocol(kind: str) -> str:
    text = PROTOCOLS[kind][0]
    if text not in CHANGES:
        return text
    old, new = CHANGES[text]
    shipped = shipped_text(STUDY)
    assert old in shipped
    changed = shipped.replace(old, new, 1)
    return changed.replace("\n  week 4: day 29", "\n  week 5: day 29") if text == "visits" else changed


@pytest.mark.parametrize("kind", PROTOCOLS)
def test_a_bad_protocol_file(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(protocol(kind), encoding="utf-8")
    before = file.read_bytes()
    code, said, seconds = run("check", file)
    assert (code, PROTOCOLS[kind][1] in said) == (3, True), said
    assert seconds < 2
    assert file.read_bytes() == before


@pytest.mark.parametrize("kind", RECORDS)
def test_a_bad_record_file(kind: str, tmp_path: Path) -> None:
    content, words = RECORDS[kind]
    file, out = tmp_path / "record.json", tmp_path / "study.yaml"
    file.write_bytes(content)
    code, said, seconds = run("draft", file, "-o", out)
    assert (code, words in said) == (3, True), said
    assert seconds < 2
    assert not out.exists()


def test_a_line_of_100_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    with file.open("wb") as into:
        into.write(b'{"protocolSection": {"a": "')
        for _ in range(100):
            into.write(b"x" * 1_000_000)
        into.write(b'"}}')
    code, said, seconds = run("add", file, "--home", tmp_path / "home")
    assert (code, "a line of more than 32 MB is no record" in said) == (3, True), said
    assert seconds < 2


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "study.yaml"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "trialrun", "draft", STUDY, "-o", str(target)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)),
        check=False,
    )
    assert done.returncode == 4 and "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - began < 20
