"""What is wrong with a command line, in the user's words."""

from __future__ import annotations

from cyclopts import CycloptsError
from cyclopts.exceptions import CoercionError, MissingArgumentError, UnknownOptionError, UnusedCliTokensError

_NEEDED = {
    "NCT": "the number of a trial, or a file with its record",
    "FILE": "a protocol file, or the name of a study that ships",
    "ITEM": "what is decided: C1, Q12, A3, or a finding such as L14",
    "--people": "how many people: --people 2000",
    "--seed": "a seed, a word or a number: --seed 7",
    "--as": "a form: --as fhir, --as ndjson or --as omop",
    "--out": "a new folder: -o clinic",
    "--start": "the date of day 1: --start 2026-12-07",
    "--use": 'the choice: --use proposal, or --use "per m2"',
    "--by": 'who decides, with name and role: --by "Li Wei, investigator"',
    "--reason": 'why: --reason "…"',
}
_KINDS = {"float": "a number", "int": "a whole number"}


def in_words(error: CycloptsError) -> tuple[str, str]:
    """The message and what to do next."""
    command = " ".join(error.command_chain or ())
    return _message(error, command), f"See: trialrun {command} --help".replace("  ", " ")


def _message(error: CycloptsError, command: str) -> str:
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        return _missing(error.argument.name, command, is_given=error.argument.name in (error.unused_tokens or ()))
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"{command} has no use for '{error.unused_tokens[0]}'; a name with spaces needs quotes"
    if isinstance(error, CoercionError) and error.token is not None and error.argument is not None:
        kind = next((words for name, words in _KINDS.items() if name in str(error.argument.hint)), None)
        if kind is not None:
            return f"{error.argument.name}: '{error.token.value}' is not {kind}"
    if isinstance(error, UnknownOptionError):
        return str(error).replace("Unknown option:", f"{command} has no option").replace("..", ".")
    return str(error)


def _missing(name: str, command: str, *, is_given: bool) -> str:
    """A positional is named in capitals, as the help names it."""
    words = _NEEDED.get(name) or _NEEDED.get(name.lstrip("-").upper())
    if is_given:
        return f"{name} needs a value" + (f", {words}" if words else "")
    return f"{command} needs {words or name}"
