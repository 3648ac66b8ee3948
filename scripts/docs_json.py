"""The page that describes every JSON answer field by field, from the models the tests check answers against."""

from __future__ import annotations

from typing import Any

from trialrun.cli.answers import ANSWERS

_HEAD = """# JSON answers

*Generated from the program; do not edit.*

With `--json` a command prints one JSON value on standard output. Fields listed here are stable: they keep their
name and meaning; new ones may be added. Dates are `YYYY-MM-DD`. A value that is not known is `null`, never a
number. The same models check the real answers in the tests.

An error (exit code 2, 3 or 4) is plain text on standard error, and nothing is written to standard output; look at the
exit code before reading the JSON. One exception: `check --json` answers a protocol file that does not load with exit code
3 and its problems as `errors` with the id `LOAD`.
"""


def page() -> str:
    """The Markdown of the page."""
    parts = [_HEAD]
    for command, model in ANSWERS.items():
        schema = model.model_json_schema(by_alias=True, mode="serialization")
        parts.append(f"## {command}\n\n{_sentence(schema)}\n\n{_table(schema)}")
        parts += [
            f"### {name} ({command})\n\n{_sentence(inner)}\n\n{_table(inner)}"
            for name, inner in schema.get("$defs", {}).items()
        ]
    return "\n".join(parts)


def _sentence(schema: dict[str, Any]) -> str:
    return " ".join(str(schema.get("description", "")).split())


def _table(schema: dict[str, Any]) -> str:
    rows = ["| field | type | meaning |", "|---|---|---|"]
    for name, field in schema.get("properties", {}).items():
        rows.append(f"| `{name}` | {_type(field)} | {_sentence(field)} |")
    return "\n".join(rows) + "\n"


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if "additionalProperties" in field and isinstance(field["additionalProperties"], dict):
        return f"map to {_type(field['additionalProperties'])}"
    if field.get("format") == "date":
        return "date"
    return {"string": "text", "object": "object"}.get(str(field.get("type")), str(field.get("type", "any value")))
