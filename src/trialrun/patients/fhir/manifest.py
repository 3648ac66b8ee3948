"""The manifest of a bulk export (manifest.json): which files belong to it, how many resources each has, what went wrong.

Source: FHIR Bulk Data Access, response of the complete status (`output`, `deleted`, `error`; `count` of a file).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trialrun.files import leads_out
from trialrun.json_text import JsonError, parse_json, text_of
from trialrun.packed import PackedError, opened
from trialrun.patients.fhir.node import clean

NAME = "manifest.json"
ENDINGS = (".ndjson", ".ndjson.gz")
_LARGEST = 16_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says.

    Args:
        counts: Names of files, each with how many resources it has; None where that is not said.
        wrong: What it tells of that is missing, and why it cannot be read; each costs everybody's coverage.
    """

    counts: Mapping[str, int | None] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    def missing(self, here: Mapping[str, int]) -> Iterator[str]:
        """What is not there of what is listed, in words.

        Args:
            here: Names of files with how many lines they have.
        """
        for name in sorted(self.counts):
            # A file may have been packed or unpacked on its way.
            plain = name.removesuffix(".gz")
            found = [here[known] for known in (plain, f"{plain}.gz") if known in here]
            count = self.counts[name]
            if not found:
                yield f"'{name}' is listed and is not here"
            elif count is not None and sum(found) != count:
                yield f"'{name}' has {count:,} resources as listed, and {sum(found):,} here"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; one that lists nothing where there is none.

    Servers may list addresses whose last part is no file name; those are left out.
    """
    path = folder / NAME
    if not path.exists() and not path.is_symlink():
        return Manifest()
    if leads_out(folder, path) or not path.is_file():
        return Manifest(wrong=("this is no file of the folder; whether all files are here is not known",))
    try:
        with opened(path) as stream:
            document = parse_json(text_of(stream.block(_LARGEST)))
    except PackedError as error:
        return _unread(error.reason)
    except JsonError as error:
        return _unread(error.reason)
    if not isinstance(document, dict) or not isinstance(document.get("output"), list):
        return _unread("it has no list 'output'")
    wrong = []
    if document.get("error"):
        wrong.append("the server tells of errors ('error'); what they are about may be missing")
    if document.get("deleted"):
        wrong.append("the server tells of deleted resources ('deleted'), which may be here as if they were valid")
    if document.get("link"):
        wrong.append("this is one page of several ('link'); the other files are not listed")
    counts, twice = _listed(document["output"])
    wrong += [f"'{name}' is listed with two addresses; only one of them can be here" for name in twice]
    return Manifest(counts, tuple(wrong))


def _unread(reason: str) -> Manifest:
    return Manifest(wrong=(f"{reason}; whether all files are here is not known",))


def _listed(output: list[object]) -> tuple[dict[str, int | None], list[str]]:
    """Files with their counts, and the names that two addresses have."""
    counts: dict[str, int | None] = {}
    addresses: Counter[str] = Counter()
    seen: set[str] = set()
    for entry in output:
        url = entry.get("url") if isinstance(entry, dict) else None
        if not isinstance(url, str) or url in seen:
            continue
        seen.add(url)
        name = clean(url.split("?")[0].rpartition("/")[2])[:200]
        if name.lower().endswith(ENDINGS):
            count = entry.get("count") if isinstance(entry, dict) else None
            counts[name] = count if isinstance(count, int) and not isinstance(count, bool) else None
            addresses[name] += 1
    twice = [name for name, number in addresses.items() if number > 1]
    counts.update(dict.fromkeys(twice, None))
    return counts, twice
