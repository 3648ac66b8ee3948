"""Every container of records, and what is said of one that cannot be read: the others are read all the same."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from trialrun.errors import InputError
from trialrun.registry.read import Rejected, Taken, read_paths, read_record
from trialrun.registry.shipped import shipped_page_path


def study(number: int) -> dict[str, Any]:
    return {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": "Größe ≥ 1"}}}


def lines(*numbers: int) -> str:
    return "".join(json.dumps(study(number), ensure_ascii=False) + "\n" for number in numbers)


def read(path: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Numbers of the records read, and place and reason of what was rejected; places without the folder."""
    taken, rejected = [], []
    for outcome in read_paths([path]):
        if isinstance(outcome, Taken):
            taken.append(outcome.record.nct_id)
        else:
            rejected.append((outcome.source.removeprefix(str(path.parent)).lstrip("/"), outcome.reason))
    return taken, rejected


ONE, TWO, THREE = "NCT00000001", "NCT00000002", "NCT00000003"

GOOD = [
    ("one study", "a.json", json.dumps(study(1), indent=2), [ONE]),
    ("one study on one line", "a.json", json.dumps(study(1)), [ONE]),
    ("an array", "a.json", json.dumps([study(1), study(2)], indent=1), [ONE, TWO]),
    ("an array on one line", "a.json", json.dumps([study(1), study(2)]), [ONE, TWO]),
    ("a page of the API", "a.json", json.dumps({"studies": [study(2), study(1)], "nextPageToken": "x"}, indent=1), [TWO, ONE]),
    ("a page of the API on one line", "a.json", json.dumps({"studies": [study(1), study(2)]}), [ONE, TWO]),
    ("one study a line", "a.jsonl", lines(1, 2, 3), [ONE, TWO, THREE]),
    ("one study a line under another name", "a.txt", lines(1, 2), [ONE, TWO]),
    ("no end of the last line", "a.ndjson", lines(1, 2).rstrip("\n"), [ONE, TWO]),
    ("lines of Windows", "a.jsonl", lines(1, 2).replace("\n", "\r\n"), [ONE, TWO]),
    ("empty lines between", "a.jsonl", "\n\n" + lines(1) + "\n  \n" + lines(2), [ONE, TWO]),
    ("a byte order mark", "a.json", "\ufeff" + json.dumps(study(1)), [ONE]),
    ("a byte order mark before lines", "a.jsonl", "\ufeff" + lines(1, 2), [ONE, TWO]),
    ("a page of the API in a file of lines", "a.jsonl", json.dumps({"studies": [study(1)]}) + "\n" + lines(2), [ONE, TWO]),
    ("one written-out study in a file named for lines", "a.jsonl", json.dumps(study(1), indent=1), [ONE]),
]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(("what", "name", "text", "wanted"), GOOD, ids=[case[0] for case in GOOD])
def test_a_container_is_read_in_order(
    what: str, name: str, text: str, wanted: list[str], packed: bool, tmp_path: Path
) -> None:
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert read(path) == (wanted, [])


def test_a_record_page_is_read_from_its_text(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(shipped_page_path("NCT04062006").read_bytes())
    assert read(path) == (["NCT04062006"], [])


def test_gzip_is_told_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(gzip.compress(json.dumps(study(1)).encode()))
    assert read(path) == ([ONE], [])


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "c.json").write_text(json.dumps(study(3)), encoding="utf-8")
    (tmp_path / "b" / "x.jsonl").write_text(lines(2), encoding="utf-8")
    (tmp_path / "A.JSON").write_text(json.dumps(study(1)), encoding="utf-8")
    (tmp_path / "notes.md").write_text("no record, and not looked at", encoding="utf-8")
    assert read(tmp_path) == ([ONE, TWO, THREE], [])


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(json.dumps(study(1)), encoding="utf-8")
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "own.json").write_text(json.dumps(study(2)), encoding="utf-8")
    taken, rejected = read(folder)
    assert taken == [TWO]
    assert rejected == [("records/link.json", "a link that leads out of the folder is not followed")]


SHAPELESS: dict[str, Any] = {"protocolSection": {"identificationModule": {}}}

BAD = [
    ("the second line is cut off", "a.jsonl", lines(1) + '{"protocolSection": {"iden\n' + lines(3), [ONE, THREE], "a.jsonl:2", "this is not JSON"),
    ("the first line is cut off", "a.jsonl", '{"protocolSection": {"iden\n' + lines(2, 3), [TWO, THREE], "a.jsonl:1", "this is not JSON"),
    ("the first line is no record", "a.ndjson", '{"total": 2}\n' + lines(2, 3), [TWO, THREE], "a.ndjson:1", "no 'protocolSection'"),
    ("a line is no record", "a.jsonl", lines(1) + "[]\n" + lines(2), [ONE, TWO], "a.jsonl:2", "the list of studies is empty"),
    ("a study of a list", "a.json", json.dumps([study(1), SHAPELESS, study(3)]), [ONE, THREE], "a.json[1]", "nctId is missing"),
    ("a study of a page of the API", "a.json", json.dumps({"studies": [7, study(2)]}), [TWO], "a.json:1[0]", "not a number"),
    ("an empty file", "a.json", "", [], "a.json", "the file is empty"),
    ("nothing but white space", "a.json", " \n \n", [], "a.json", "the file is empty"),
    ("an empty list", "a.json", "[]", [], "a.json", "the list of studies is empty"),
    ("a document that is cut off", "a.json", json.dumps(study(1), indent=1)[:-9], [], "a.json:5:", "the file may be cut off"),
    ("HTML", "a.json", "<!DOCTYPE html><html></html>", [], "a.json", "this is HTML or XML"),
    ("prose", "a.txt", "Dear colleague,\nthe record follows.", [], "a.txt", "neither JSON nor a record page; it begins with 'Dear colleague"),
    ("NaN", "a.json", '{"protocolSection": {"x": NaN}}', [], "a.json", "'NaN' is no JSON value"),
    ("a key twice", "a.json", '{"protocolSection": {"x": 1, "x": 2}}', [], "a.json", "the key 'x' is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "text", "taken", "place", "words"), BAD, ids=[case[0] for case in BAD])
def test_what_cannot_be_read_is_told_with_its_place_and_does_not_stop_the_rest(
    what: str, name: str, text: str, taken: list[str], place: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found, rejected = read(path)
    assert found == taken
    assert len(rejected) == 1
    assert rejected[0][0].startswith(place)
    assert words in rejected[0][1]


def test_a_byte_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(1).encode() + lines(2).encode("latin-1", "replace") + lines(3).encode())
    taken, rejected = read(path)
    assert taken == [ONE, THREE]
    assert rejected == [("a.jsonl:2", "byte 0xf6 is not UTF-8 text; save it as UTF-8")]


def test_a_damaged_gzip_file_gives_what_came_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(*range(1, 3000)).encode())[:-2000])
    taken, rejected = read(path)
    assert taken[:2] == [ONE, TWO]
    assert len(rejected) == 1
    assert rejected[0][1].startswith("this gzip file is damaged")


def test_a_path_that_does_not_exist_is_an_error_and_not_an_empty_answer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        list(read_paths([tmp_path / "none.json"]))


def test_one_record_is_asked_for_and_one_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(study(1)), encoding="utf-8")
    assert read_record(path).nct_id == ONE
    path.write_text(json.dumps([study(1), study(2)]), encoding="utf-8")
    with pytest.raises(InputError, match="holds 2 records; one is needed"):
        read_record(path)
    path.write_text("[", encoding="utf-8")
    with pytest.raises(InputError, match="this is not JSON"):
        read_record(path)
    with pytest.raises(InputError, match="There is no file"):
        read_record(tmp_path / "none.json")


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    (found,) = read_paths([tmp_path])
    assert isinstance(found, Rejected)
    assert "no file ending in .json" in found.reason
