"""Words written as YAML that reads back as the same words."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z0-9(<>=+/.≥≤µ][^\n\t\"'\\]*")
_ENDS = re.compile(r"(\s|:|\[(?:[CQA]\d+)(?:\s*,\s*[CQA]\d+)*\])$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029\ufeff]")


def scalar(text: str) -> str:
    """One line of YAML for a text: plain where it may be, in double quotes where it must.

    White space is folded and control characters are left out: neither carries meaning in a protocol file.
    """
    clean = " ".join(_CONTROL.sub(" ", text).split())
    if clean and _PLAIN.fullmatch(clean) and ": " not in clean and " #" not in clean and not _ENDS.search(clean):
        return clean
    return json.dumps(clean, ensure_ascii=False)
