"""A terms file, ValueSets and OMOP tables: what they add, and what is wrong with them is told with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trialrun.criteria.parsing import parse_rule
from trialrun.criteria.printing import print_rule
from trialrun.errors import GrammarError, InputError
from trialrun.vocabulary.concepts import Concept, Domain
from trialrun.vocabulary.omop_tables import with_omop_tables
from trialrun.vocabulary.own_terms import parse_terms, with_terms_file
from trialrun.vocabulary.terms import Vocabulary, shipped
from trialrun.vocabulary.value_sets import read_value_set, value_set_codes

BASE = Vocabulary.of(
    [
        Concept("antibody", Domain.DRUG, is_class=True),
        Concept("infliximab", Domain.DRUG, aliases=("Remicade",), broader=("antibody",)),
        Concept("etanercept", Domain.DRUG),
        Concept("heart failure", Domain.CONDITION, codes={"ICD10CM": ("I50*",), "OMOP": ("316139",)}),
    ]
)


def _write(folder: Path, text: str, name: str = "site.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_terms_file_adds_a_class_of_known_drugs(tmp_path: Path) -> None:
    text = "terms:\n  sponsor's drugs:\n    domain: drug\n    members: [Remicade, etanercept]\n"
    layered = with_terms_file(BASE, _write(tmp_path, text))
    reading = layered.read(Domain.DRUG, (), "Remicade 100 mg")
    assert reading.names == {"infliximab", "antibody", "sponsor's drugs"}
    assert (reading.leaves, reading.layer) == (("infliximab",), "site.yaml")
    assert layered.get("sponsor's drugs").is_class
    assert layered.layers == ("shipped", "site.yaml")


def test_a_terms_file_adds_a_drug_and_words_and_codes_to_another(tmp_path: Path) -> None:
    text = (
        "terms:\n"
        "  newmab: {domain: drug, is: antibody, also: [NM-1, 新单抗], codes: {RxNorm: 42}, source: product sheet}\n"
        "additions:\n"
        "  etanercept: {also: Enbrel, codes: {'http://hl7.org/fhir/sid/ndc': [0054-0018]}}\n"
    )
    layered = with_terms_file(BASE, _write(tmp_path, text))
    for codings, words in (((), "NM-1"), ((), "新单抗 100 mg"), ((("RXNORM", "42"),), "")):
        assert layered.read(Domain.DRUG, codings, words).names == {"newmab", "antibody"}
    for codings, words in (((), "enbrel"), ((("NDC", "00540018"),), "")):
        assert layered.read(Domain.DRUG, codings, words).leaves == ("etanercept",)
    assert layered.get("newmab").source == "product sheet"


def test_a_term_of_a_known_name_replaces_it(tmp_path: Path) -> None:
    text = "terms:\n  heart failure: {domain: condition, codes: {ICD10CM: [I50.2*]}}\n"
    layered = with_terms_file(BASE, _write(tmp_path, text))
    assert layered.read(Domain.CONDITION, (("ICD10CM", "I50.22"),), "").leaves == ("heart failure",)
    assert layered.read(Domain.CONDITION, (("ICD10CM", "I50.1"),), "").leaves == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("terms:\n  a: {domain: drugg}\n", r"t.yaml:2:15: 'drugg' is no domain"),
        ("terms:\n  a: {domain: drugg}\n", r"Did you mean 'drug'\?"),
        ("terms:\n  a: {}\n", "t.yaml:2:3: the term 'a' has no domain"),
        (
            "terms:\n  infliximab: {domain: condition}\n",
            "t.yaml:2:24: 'infliximab' is a term of the domain drug already",
        ),
        ("terms:\n  a: {domain: drug, members: [infliximb]}\n", "t.yaml:2:31: 'infliximb' is no term"),
        ("terms:\n  a: {domain: drug, members: [infliximb]}\n", r"Did you mean 'infliximab'\?"),
        (
            "terms:\n  a: {domain: drug, is: [antibdy]}\n",
            r"t.yaml:2:26: 'antibdy' is no term\n(.*\n)*  Did you mean 'antibody'",
        ),
        ("terms:\n  a: {domain: drug, alsoo: x}\n", r"'alsoo' is not known here\n(.*\n)*  Did you mean 'also'\?"),
        ("term:\n  a: {domain: drug}\n", r"t.yaml:1:1: 'term' is not known here"),
        ("terms:\n  a: {domain: drug}\n  a: {domain: drug}\n", "t.yaml:3:3: 'a' is given twice"),
        ("terms:\n  a: {domain: drug, class: perhaps}\n", "'perhaps' is neither yes nor no"),
        ("terms:\n  a: {domain: drug, also: {x: y}}\n", "a word or a list of words is expected"),
        ("terms:\n  a: {domain: [drug]}\n", "one value is expected here"),
        ("terms:\n  a: {domain: drug, also: ['']}\n", "an empty value"),
        ("terms: [a, b]\n", "t.yaml:1:8: entries with a name and a colon"),
        ("additions:\n  infliximabb: {also: x}\n", r"'infliximabb' is no term that could be added to"),
        ("terms:\n  a: {domain: drug, value set: none.json}\n", "t.yaml:2:32: .*none.json' cannot be read"),
        ("terms:\n  a: {domain: drug\n", "t.yaml:3:1: this is not YAML"),
        ("terms: &x\n  a: {domain: drug}\nadditions: *x\n", "t.yaml:1:8: anchors and aliases"),
        ("terms: " + "[" * 50 + "]" * 50, "more than 8 levels"),
        ("", "t.yaml is empty"),
        ("\x00", "this is not YAML"),
        ("? [a]\n: b\n", "a name is expected before the colon"),
    ],
)
def test_what_is_wrong_with_a_terms_file_is_told_with_its_place(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_terms(text, "t.yaml", BASE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("terms:\n  a: {domain: drug, is: b}\n  b: {domain: drug, is: a}\n", "site.yaml: .* in a circle: a → b → a"),
        ("terms:\n  a: {domain: drug, is: a}\n", "in a circle: a → a"),
        ("terms:\n  a: {domain: drug, also: Remicade}\n", "'Remicade' is a word for both 'infliximab' and 'a'"),
        ("terms:\n  Inflixi-mab: {domain: drug}\n", "'Inflixi-mab' and 'infliximab' are spelled alike"),
    ],
)
def test_terms_that_contradict_each_other(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        with_terms_file(BASE, _write(tmp_path, text))


def test_a_terms_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        with_terms_file(BASE, tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"terms:\n  caf\xe9: {domain: drug}\n")
    with pytest.raises(InputError, match="not UTF-8"):
        with_terms_file(BASE, tmp_path / "latin.yaml")


def test_a_name_given_twice_in_one_layer_and_a_class_that_does_not_exist() -> None:
    with pytest.raises(InputError, match="the term 'a' is given twice"):
        Vocabulary.of([Concept("a", Domain.DRUG), Concept("a", Domain.DRUG)])
    with pytest.raises(InputError, match=r"'a' belongs to 'antibdy', which is no term\n  Did you mean 'antibody'"):
        BASE.with_layer([Concept("a", Domain.DRUG, broader=("antibdy",))], "x")


def _value_set(**parts: Any) -> str:
    return json.dumps({"resourceType": "ValueSet", **parts})


SNOMED = "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            _value_set(compose={"include": [{"system": SNOMED, "concept": [{"code": "1"}, {"code": "2"}]}]}),
            {"SNOMED": {"1", "2"}},
        ),
        (
            _value_set(
                compose={"include": [{"system": SNOMED, "filter": [{"property": "concept"}]}]},
                expansion={
                    "contains": [
                        {"system": SNOMED, "code": "1", "contains": [{"system": SNOMED, "code": "2"}]},
                        {"display": "heading", "contains": [{"system": "http://loinc.org", "code": "3-4"}]},
                        {"system": SNOMED, "code": "9", "abstract": True},
                    ]
                },
            ),
            {"SNOMED": {"1", "2"}, "LOINC": {"3-4"}},
        ),
    ],
)
def test_codes_of_a_value_set(text: str, codes: dict[str, set[str]]) -> None:
    assert {system: set(found) for system, found in value_set_codes(text, "v.json").items()} == codes


def _nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"system": SNOMED, "code": "1"}
    for _ in range(levels):
        inner = {"contains": [inner]}
    return inner


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no FHIR ValueSet"),
        ('{"resourceType": "Patient"}', "is no FHIR ValueSet"),
        (_value_set(), "lists no codes"),
        (_value_set(compose=[]), '"compose" is not an object'),
        (_value_set(compose={"include": [{"system": SNOMED, "filter": [{"op": "is-a"}]}]}), "by a filter"),
        (_value_set(compose={"include": [{"valueSet": ["http://x"]}]}), "by another ValueSet"),
        (_value_set(compose={"include": [{"system": SNOMED}]}), "a whole code system"),
        (_value_set(compose={"include": [], "exclude": [{"system": SNOMED}]}), "excludes codes"),
        (_value_set(compose={"include": [{"concept": [{"code": "1"}]}]}), "a code without a system"),
        (_value_set(compose={"include": [{"system": SNOMED, "concept": [{"code": 1}]}]}), "a system without a code"),
        (_value_set(expansion={"contains": ["x"]}), '"contains" is not a list of objects'),
        (_value_set(expansion={"contains": [_nested(60)]}), "more than 50 levels"),
    ],
)
def test_a_value_set_that_cannot_be_used(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        value_set_codes(text, "v.json")


def test_a_value_set_as_a_term_and_in_a_terms_file(tmp_path: Path) -> None:
    text = _value_set(compose={"include": [{"system": SNOMED, "concept": [{"code": "88805009"}]}]})
    path = _write(tmp_path, text, "hf.json")
    concept = read_value_set(path, "our heart failure", Domain.CONDITION, ("heart failure",))
    layered = BASE.with_layer([concept], "hf.json")
    assert layered.read(Domain.CONDITION, ((SNOMED, "88805009"),), "").names == {"our heart failure", "heart failure"}
    terms = "terms:\n  ours: {domain: condition, value set: hf.json}\n"
    ours = with_terms_file(BASE, _write(tmp_path, terms))
    assert ours.read(Domain.CONDITION, ((SNOMED, "88805009"),), "").leaves == ("ours",)


CONCEPTS = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\n"
    '316139\tHeart failure\tCondition\tSNOMED\tx\tS\t84114007\n4229440\tChronic "congestive\tCondition\tSNOMED\tx\tS\t88805009\n'
    "1\tOther\tCondition\tSNOMED\tx\tS\t99\n"
)
ANCESTORS = (
    "ancestor_concept_id\tdescendant_concept_id\tmin\tmax\n316139\t316139\t0\t0\n316139\t4229440\t1\t1\n1\t1\t0\t0\n"
)


def test_an_omop_id_takes_in_its_descendants_and_their_codes(tmp_path: Path) -> None:
    _write(tmp_path, CONCEPTS, "CONCEPT.csv")
    _write(tmp_path, ANCESTORS, "CONCEPT_ANCESTOR.csv")
    layered = with_omop_tables(BASE, tmp_path)
    for coding in (("OMOP", "4229440"), ("SNOMED", "88805009"), ("SNOMED", "84114007"), ("ICD10CM", "I50.9")):
        assert layered.read(Domain.CONDITION, (coding,), "").leaves == ("heart failure",)
    assert layered.read(Domain.CONDITION, (("SNOMED", "99"),), "").names == frozenset()
    assert layered.read(Domain.CONDITION, (("OMOP", "4229440"),), "").layer == f"OMOP tables in {tmp_path.name}"
    assert BASE.read(Domain.CONDITION, (("OMOP", "4229440"),), "").names == frozenset()


@pytest.mark.parametrize(
    ("concepts", "ancestors", "words"),
    [
        (CONCEPTS, None, "no CONCEPT_ANCESTOR.csv"),
        (CONCEPTS, "a\tb\n1\t2\n", "has no column ancestor_concept_id"),
        (CONCEPTS, "ancestor_concept_id\tdescendant_concept_id\n1\n", "CONCEPT_ANCESTOR.csv:2: the row has 1 of 2"),
        (
            CONCEPTS,
            "ancestor_concept_id\tdescendant_concept_id\nx\ty\n",
            "CONCEPT_ANCESTOR.csv:2: 'x' is no concept id",
        ),
        (CONCEPTS, "", "has no column"),
        ("concept_id,vocabulary_id,concept_code\n1," + "x" * 200_000 + ",2\n", ANCESTORS, "is no table"),
    ],
)
def test_tables_that_are_none(concepts: str, ancestors: str | None, words: str, tmp_path: Path) -> None:
    _write(tmp_path, concepts, "CONCEPT.csv")
    if ancestors is not None:
        _write(tmp_path, ancestors, "CONCEPT_ANCESTOR.csv")
    with pytest.raises(InputError, match=words):
        with_omop_tables(BASE, tmp_path)


def test_a_test_that_is_replaced_still_compares() -> None:
    """Its unit does not stand in a terms file; a rule that asked for it ended in a crash."""
    vocabulary = shipped().with_layer(
        parse_terms("terms:\n  ALT: {domain: measurement, also: [GPT-X]}\n", "t", shipped()), "t"
    )
    assert vocabulary.get("ALT").measure == shipped().get("ALT").measure
    assert print_rule(parse_rule("latest GPT-X > 5 U/L", vocabulary)) == "latest ALT > 5 U/L"


@pytest.mark.parametrize("rule", ["latest biopsy score > 5", "any biopsy score is positive"])
def test_a_new_test_of_which_nothing_is_known_cannot_be_asked_for(rule: str) -> None:
    vocabulary = shipped().with_layer(
        parse_terms("terms:\n  biopsy score: {domain: measurement}\n", "t", shipped()), "t"
    )
    with pytest.raises(GrammarError, match="how the values of 'biopsy score' compare is not known"):
        parse_rule(rule, vocabulary)
