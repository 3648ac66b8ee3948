"""The documentation is true: commands shown were run, pages that are generated are up to date, links lead somewhere.

A page's `console` blocks are run in order in one empty folder. A line beginning with `$` is a command; the lines below
it must stand in its answer in that order, and `…` leaves out lines or the end of one. A block below "Save this as `NAME`:" is
saved; a `diff` block below "Change `NAME`:" is made in that file.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import docs
from tests.conftest import ROOT, Answer
from trialrun.cli.main import COMMANDS
from trialrun.protocol.load import load_text
from trialrun.protocol.shipped import shipped_text

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "language").glob("*.md"))]
WRITTEN = [page for page in PAGES if "Generated from the program" not in page.read_text(encoding="utf-8")]
_BLOCK = re.compile(
    r"(?:(?:[Ss]ave this as|Change) `(?P<name>[^`]+)`:\s*\n\n)?```(?P<kind>\w*)\n(?P<body>.*?)```", re.DOTALL
)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_generated_pages_are_up_to_date() -> None:
    assert docs.main(["--check"]) == 0


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_the_commands_of_a_page_say_what_it_shows(
    page: Path, trialrun: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.setenv(f"GIT_{variable}", "reader@example.org")
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["kind"] == "diff":
            _change(Path(block["name"]), block["body"])
        elif block["name"]:
            Path(block["name"]).write_text(block["body"], encoding="utf-8")
        elif block["kind"] == "console":
            for command, shown in _steps(block["body"]):
                if command[0] == "git":
                    subprocess.run(command, check=True)
                    continue
                said = trialrun(*command[1:])
                _stands_in(shown, [*said.out.splitlines(), *said.err.splitlines()], command)


def _change(path: Path, diff: str) -> None:
    """Makes a change in a file; its old lines must stand there exactly once."""
    lines = diff.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def _steps(body: str) -> Iterator[tuple[list[str], list[str]]]:
    """Commands with the lines shown below them; a line that ends in a backslash goes on."""
    lines = body.replace("\\\n", " ").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        words = shlex.split(lines[start][2:])
        assert words[0] in ("trialrun", "git"), lines[start]
        yield words, [line.rstrip() for line in lines[start + 1 : end] if line.strip() not in ("", "…")]


def _stands_in(shown: list[str], said: list[str], command: list[str]) -> None:
    rest = iter(line.rstrip() for line in said)
    for line in shown:
        assert any(_shows(line, other) for other in rest), (command, line, said)


def _shows(line: str, other: str) -> bool:
    """Whether a line is shown as it was said, or its beginning before `…`."""
    return other.startswith(line[:-1].rstrip()) if line.endswith("…") else line == other


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in targets if not (page.parent / link).exists()] == []


def test_every_command_has_its_section() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^## trialrun (\w+)$", text, re.MULTILINE) == [command.__name__ for command in COMMANDS]


def test_the_page_of_the_protocol_file_shows_files_that_load() -> None:
    text = (ROOT / "docs" / "protocol-file.md").read_text(encoding="utf-8")
    whole = [block["body"] for block in _BLOCK.finditer(text) if block["body"].startswith("format:")]
    assert whole
    for body in whole:
        load_text(body, "protocol-file.md")


def test_the_counts_of_the_founding_study_page_are_the_files() -> None:
    text = (ROOT / "docs" / "founding-study.md").read_text(encoding="utf-8")
    protocol = load_text(shipped_text("NCT04062006")).protocol
    for words in (
        f"{len(protocol.forms)} forms",
        f"{len(protocol.objectives.endpoints)} outcomes",
        f"{len(protocol.decisions)} open items",
        f"{len(protocol.visits)} visits",
    ):
        assert words in text


def test_no_page_names_a_path_of_a_machine_or_a_package_registry() -> None:
    wrong = re.compile(r"/(?:home|work|tmp|root|Users)/|pypi|files\.pythonhosted", re.IGNORECASE)
    assert [page.name for page in PAGES if wrong.search(page.read_text(encoding="utf-8"))] == []


def test_the_terms_file_and_the_python_of_the_page_of_terms_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asserting = 0
    for block in _BLOCK.finditer((ROOT / "docs" / "terms.md").read_text(encoding="utf-8")):
        if block["name"]:
            Path(block["name"]).write_text(block["body"], encoding="utf-8")
        elif block["kind"] == "python":
            exec(compile(block["body"], "docs/terms.md", "exec"), {})  # its own assertions say what must hold
            asserting += "\nassert " in block["body"]
    assert asserting, "the page shows nothing that can fail"
