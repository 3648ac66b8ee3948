"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trialrun.errors import InputError, MachineError
from trialrun.files import may_replace, refuse_inputs, write_bytes, write_text


def test_a_new_file_holds_the_text(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "µ ≥ 1\n", replace=False)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "µ ≥ 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_an_existing_file_is_left_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(InputError, match="exists already and is left as it is"):
        write_text(path, "new", replace=False)
    assert path.read_text() == "old"
    path.chmod(0o640)
    write_text(path, "new", replace=True)
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        write_text(tmp_path, "x", replace=True)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot be written"):
        write_text(tmp_path / "none" / "a.txt", "x", replace=True)


def test_a_failure_in_the_middle_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError, match="No space left on device"):
        write_bytes(path, b"new", replace=True)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_that_is_not_ours_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    may_replace(path, lambda content: False, "picture")
    path.write_text("<svg>mine</svg>")
    with pytest.raises(InputError, match=r"a\.svg' exists and is no picture; it is left as it is"):
        may_replace(path, lambda content: False, "picture")
    may_replace(path, lambda content: content.startswith(b"<svg"), "picture")


def test_an_input_is_never_a_target_by_whatever_path(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("mine")
    (tmp_path / "link.yaml").symlink_to(path)
    for name in ("a.yaml", "link.yaml", "./a.yaml"):
        with pytest.raises(InputError, match="uses already"):
            refuse_inputs(tmp_path / name, [path])
    with pytest.raises(InputError, match="uses already"):
        may_replace(path, lambda content: True, "picture", [path])
