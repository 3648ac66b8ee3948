"""What all tests share: Hypothesis profiles, the shared data, a private home, and the command as a user calls it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from trialrun.cli.main import main
from trialrun.protocol.load import ProtocolFile
from trialrun.protocol.shipped import find_protocol

_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=_QUIET)
settings.register_profile("deep", max_examples=4_000, deadline=None, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records and annotated criteria; the test is skipped where it is absent."""
    folder = Path(os.environ.get("TRIALRUN_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the shared data are absent ({folder.name})")
    return folder


@pytest.fixture(autouse=True)
def _private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own store; every terminal is as wide as the docs show it."""
    monkeypatch.setenv("TRIALRUN_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def trialrun(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The command, called as a user does: words in, exit code and texts out."""

    def call(*words: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def founding() -> ProtocolFile:
    """The founding study's protocol file as it ships."""
    return find_protocol("NCT04062006")
