"""The JSON form."""

from tests.spec.language.table import Chapter, Document, Documents

_EVER = {"kind": "ever"}

CHAPTER = Chapter(
    "json-form",
    "The JSON form",
    "rules for other programs",
    (
        "Every rule has a JSON form: the same tree, for programs that do not read the wording. Each object says its `kind`; "
        "names of terms are those of the vocabulary; units are UCUM. In Python, `rule_to_json` and `rule_from_json` of "
        "`trialrun.criteria.json_form` go there and back; `trialrun schema --of rule` prints the JSON Schema. A rule from JSON "
        "is held to every check of a written one: its terms, units and levels are looked up, and it must say what its "
        "own canonical wording says.",
    ),
    (
        Documents(
            "Examples",
            (
                Document(
                    "age at screening >= 50 years",
                    {
                        "value": {"anchor": "screening", "kind": "age"},
                        "compare": ">=",
                        "limit": {"value": 50.0, "unit": "years", "kind": "number"},
                        "kind": "comparison",
                    },
                    "A comparison: a value, a sign, a limit.",
                ),
                Document(
                    "took systemic glucocorticoid within 6 months before screening, if nothing recorded: no",
                    {
                        "verb": "took",
                        "what": {"any_of": [{"name": "glucocorticoid", "route": "systemic"}], "but": []},
                        "window": {"length": {"amount": 6, "unit": "month"}, "anchor": "screening", "kind": "within"},
                        "if_none": "no",
                        "kind": "happened",
                    },
                    "An event with terms, window and missing policy.",
                ),
                Document(
                    "not diagnosed giant cell arteritis",
                    {
                        "rule": {
                            "verb": "diagnosed",
                            "what": {"any_of": [{"name": "giant cell arteritis", "route": ""}], "but": []},
                            "window": _EVER,
                            "if_none": "unknown",
                            "kind": "happened",
                        },
                        "kind": "not",
                    },
                    "Not, and a rule inside.",
                ),
                Document(
                    "latest ALT > 3 x ULN or any HIV antibody is positive",
                    {
                        "rules": [
                            {
                                "value": {"pick": "latest", "test": "ALT", "window": _EVER, "kind": "measured"},
                                "compare": ">",
                                "limit": {"factor": 3.0, "limit": "ULN", "kind": "reference"},
                                "kind": "comparison",
                            },
                            {
                                "result": {"pick": "any", "test": "HIV antibody", "window": _EVER, "kind": "measured"},
                                "finding": "positive",
                                "kind": "found",
                            },
                        ],
                        "kind": "any",
                    },
                    "Any of two.",
                ),
                Document(
                    'investigator confirms "written consent"',
                    {"who": "investigator", "verb": "confirms", "words": "written consent", "kind": "asked"},
                    "A question.",
                ),
            ),
        ),
    ),
)
