"""`trialrun schema`: the JSON Schemas of the protocol file, for editors, and of a rule, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from trialrun.cli.terminal import say, say_json
from trialrun.errors import EXIT_DONE
from trialrun.files import may_replace, write_text


def schema(
    *,
    of: Literal["protocol", "rule"] = "protocol",
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
) -> int:
    """Print the JSON Schema of the protocol file, so that an editor can complete and check it.

    Put `# yaml-language-server: $schema=protocol.schema.json` on the first line of a protocol file.

    Example: `trialrun schema -o protocol.schema.json`

    Parameters
    ----------
    of
        protocol, the file; or rule, the JSON form of an eligibility rule.
    out
        File to write instead of printing.
    """
    import json

    from trialrun.criteria.json_form import rule_schema
    from trialrun.protocol.schema import protocol_schema

    document = protocol_schema() if of == "protocol" else rule_schema()
    if out is None:
        say_json(document)
    else:
        may_replace(out, lambda content: b'"title": "trialrun ' in content, "schema made by trialrun")
        write_text(out, json.dumps(document, ensure_ascii=False, indent=2) + "\n", replace=True)
        say(f"Written: {out}")
    return EXIT_DONE
