"""Three made-up people who ship with the program: one who may join NCT04062006, one who may not, one of whom too little is
known. They say in id, name and tag that no such person exists.
"""

from __future__ import annotations

from importlib import resources

from trialrun.patients.fhir.read import load_content
from trialrun.patients.person import Person

_FOLDER = "people"


def shipped_people() -> dict[str, Person]:
    """The made-up people by name: `may-join`, `may-not-join`, `unknown`."""
    return {name: _person(name) for name in shipped_names()}


def shipped_names() -> tuple[str, ...]:
    """The names of the made-up people."""
    folder = resources.files("trialrun.patients") / _FOLDER
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".json")))


def shipped_bundle(name: str) -> bytes:
    """The FHIR bundle of a made-up person.

    Raises:
        KeyError: when nobody of that name ships.
    """
    if name not in shipped_names():
        raise KeyError(name)
    return (resources.files("trialrun.patients") / _FOLDER / f"{name}.json").read_bytes()


def shipped_answers(name: str) -> bytes | None:
    """The answers file that goes with a made-up person; None where nobody answered."""
    file = resources.files("trialrun.patients") / _FOLDER / f"{name}.answers.csv"
    return file.read_bytes() if file.is_file() else None


def _person(name: str) -> Person:
    people = load_content(shipped_bundle(name), f"{name}.json").people
    assert len(people) == 1
    return people[0]
