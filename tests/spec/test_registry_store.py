"""The store: what is added, changed, unchanged and rejected; earlier versions stay; records are compressed."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from trialrun.errors import MachineError
from trialrun.registry.record import Record
from trialrun.registry.store import FILE_NAME, Counts, Store, has_store


def study(number: int, title: str = "A title") -> dict[str, Any]:
    return {"protocolSection": {"identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": title}}}


def record(number: int, title: str = "A title") -> Record:
    return Record.from_json(study(number, title))


def test_records_are_added_then_unchanged_then_updated(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert store.put([(record(1), "a"), (record(2), "a")]) == Counts(added=2)
        assert store.put([(record(1), "b"), (record(2, "Another"), "b"), (record(3), "b")]) == Counts(1, 1, 1)
        assert len(store) == 3
        assert [kept.nct_id for kept in store] == ["NCT00000001", "NCT00000002", "NCT00000003"]


def test_keys_in_another_order_are_no_change(tmp_path: Path) -> None:
    one = study(1)
    turned = {"protocolSection": {"identificationModule": {"briefTitle": "A title", "nctId": "NCT00000001"}}}
    with Store(tmp_path) as store:
        store.put([(Record.from_json(one), "a")])
        assert store.put([(Record.from_json(turned), "b")]) == Counts(unchanged=1)


def test_a_record_is_found_whatever_the_case_and_after_the_store_was_closed(tmp_path: Path) -> None:
    value = {**study(1), "unknown": [1, 2.5, None, "≥ 😀"]}
    with Store(tmp_path) as store:
        store.put([(Record.from_json(value), "a")])
    with Store(tmp_path) as store:
        found = store.get("nct00000001")
        assert found is not None
        assert found.to_json() == value
        assert store.get("NCT00000009") is None


def test_every_earlier_version_stays_oldest_first(tmp_path: Path) -> None:
    titles = ["first", "second", "third", "first"]  # the last one is held already: no change back without a later date
    with Store(tmp_path) as store:
        for title in titles:
            store.put([(record(1, title), title)])
        latest = store.get("NCT00000001")
        assert latest is not None
        assert latest.title == "third"
        assert [version.title for version in store.earlier("NCT00000001")] == ["first", "second"]
        assert store.earlier("NCT00000002") == ()


def test_two_versions_in_one_batch_are_both_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert store.put([(record(1, "old"), "a"), (record(1, "new"), "b")]) == Counts(added=1, updated=1)
        assert [version.title for version in store.earlier("NCT00000001")] == ["old"]


def test_records_are_compressed(tmp_path: Path) -> None:
    long = "The same words again and again. " * 2_000
    with Store(tmp_path) as store:
        store.put([(record(1, long), "a")])
    db = sqlite3.connect(tmp_path / FILE_NAME)
    (content,) = db.execute("SELECT content FROM record").fetchone()
    db.close()
    assert len(content) < len(long) / 20
    assert json.loads(zlib.decompress(content)) == study(1, long)


def test_a_batch_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaking() -> Iterator[tuple[Record, str]]:
        yield record(1), "a"
        yield record(2), "a"
        raise RuntimeError("the source breaks off")

    with Store(tmp_path) as store:
        store.put([(record(1, "before"), "a")])
        with pytest.raises(RuntimeError, match="breaks off"):
            store.put(breaking())
        assert len(store) == 1
        kept = store.get("NCT00000001")
        assert kept is not None
        assert kept.title == "before"
        assert store.put([(record(2), "a")]) == Counts(added=1)


def test_looking_for_a_store_does_not_make_one(tmp_path: Path) -> None:
    assert not has_store(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with Store(tmp_path):
        pass
    assert has_store(tmp_path)


def other_database(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE mine (a)")
    db.close()


def newer_store(path: Path) -> None:
    with Store(path.parent):
        pass
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be looked at " * 20)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (other_database, "is not a store of trialrun"),
        (newer_store, "was written by a newer trialrun"),
        (no_database, "is damaged or not a store of trialrun; it is left as it is"),
    ],
)
def test_a_file_that_is_no_store_of_ours_is_left_as_it_is(
    make: Callable[[Path], None], words: str, tmp_path: Path
) -> None:
    path = tmp_path / FILE_NAME
    make(path)
    before = path.read_bytes()
    with pytest.raises(MachineError) as caught:
        Store(tmp_path)
    assert words in caught.value.message
    assert path.read_bytes() == before


def test_the_command_counts_what_it_stored_and_lists_what_it_could_not(
    trialrun: Callable[..., Answer], tmp_path: Path
) -> None:
    home, file = tmp_path / "home", tmp_path / "a.jsonl"

    def added(*rows: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        answer = trialrun("add", file, "--home", home, "--json")
        return answer.code, json.loads(answer.out)

    assert added(study(1), study(2)) == (0, {"added": 2, "updated": 0, "unchanged": 0, "older": 0, "rejected": []})
    code, said = added(study(1), {"protocolSection": {}}, study(2, "New"), study(3))
    assert code == 3
    assert (said["added"], said["updated"], said["unchanged"]) == (1, 1, 1)
    reason = "protocolSection.identificationModule is missing"
    assert said["rejected"] == [{"source": f"{file}:2", "reason": reason}]
