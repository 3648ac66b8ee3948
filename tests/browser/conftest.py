"""A browser that can reach nothing but the page it is given, and the pages of the made-up people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

from tests.conftest import Answer
from trialrun.patients.shipped import shipped_answers

STUDY = "NCT04062006"
ON = "2026-11-23"
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@dataclass
class Opened:
    """A page that is open, with what it said and asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system; the tests are skipped where there is none."""
    program = os.environ.get("TRIALRUN_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is absent; install it with: apt-get install chromium")
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=program, args=list(_QUIET))
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[Path], Opened]]:
    """Opens a file; every request but for that file is refused and written down."""
    context = browser.new_context()

    def open_file(path: Path) -> Opened:
        found = Opened(context.new_page())

        def gate(route: Route, request: Request) -> None:
            if request.url == path.as_uri():
                route.continue_()
            else:
                found.asked.append(request.url)
                route.abort()

        found.page.route("**/*", gate)
        found.page.on("console", lambda said: found.errors.append(said.text) if said.type == "error" else None)
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.goto(path.as_uri())
        return found

    yield open_file
    context.close()


@pytest.fixture
def page_of(trialrun: Callable[..., Answer], tmp_path: Path) -> Callable[[str], Path]:
    """Writes the page of a made-up person with the real command, with their answers where there are any."""

    def write(name: str) -> Path:
        target = tmp_path / f"{name}.html"
        words: list[str | Path] = ["screen", STUDY, "--patients", name, "--on", ON, "--page", target]
        answers = shipped_answers(name)
        if answers is not None:
            (tmp_path / "answers.csv").write_bytes(answers)
            words += ["--answers", tmp_path / "answers.csv"]
        said = trialrun(*words)
        assert said.code in (0, 1), said.err
        return target

    return write
