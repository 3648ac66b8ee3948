"""What rows mean: product words, codes and titles read into terms; and the terms the founding study names."""

from __future__ import annotations

from fractions import Fraction

import pytest

from trialrun.vocabulary.code_systems import code_system
from trialrun.vocabulary.concepts import Concept, Domain
from trialrun.vocabulary.drug_names import find_drugs
from trialrun.vocabulary.equivalents import equivalence, equivalence_source
from trialrun.vocabulary.shipped_terms import shipped
from trialrun.vocabulary.terms import Vocabulary, Wording

DRUG, CONDITION, PROCEDURE = Domain.DRUG, Domain.CONDITION, Domain.PROCEDURE
TERMS = shipped()


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Methotrexate 2.5 MG Oral Tablet", ["methotrexate"]),
        ("predniSONE 5 MG Oral Tablet [Deltasone]", ["prednisone"]),
        ("METHYLPREDNISOLONE", ["methylprednisolone"]),
        ("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", ["amoxicillin", "clavulanic acid"]),
        ("adalimumab-atto 40 MG/0.8ML", ["adalimumab"]),
        ("infliximab-dyyb", ["infliximab"]),
        ("ado-trastuzumab emtansine", ["trastuzumab emtansine"]),
        ("Ciclosporin 100 mg capsules", ["cyclosporine"]),
        ("Sulphasalazine EN", ["sulfasalazine"]),
        ("insulin lispro 100 UNT/ML Injectable Solution [Humalog]", ["insulin lispro"]),
        ("Simvas\u200btatin 10 MG", ["simvastatin"]),
        ("Recombinant Human Interleukin-2", ["aldesleukin"]),
        ("soluble IL-2 receptor", []),
        ("zoster vaccine, live", ["live zoster vaccine"]),
        ("zoster vaccine recombinant", ["recombinant zoster vaccine"]),
        ("morphine, Ester", []),  # the founding study's slip for mycophenolate mofetil
        ("Morphine Sulfate 5 MG/ML Injection", ["morphine"]),
        ("MTX 2.5 MG TAB", ["methotrexate"]),
        ("bcg", ["BCG vaccine"]),
        ("typhoid, oral", ["oral typhoid vaccine"]),
        ("COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose", ["mRNA COVID-19 vaccine"]),
        ("Immune Globulin Intravenous (Human) 10%", ["immunoglobulin"]),
        ("tetanus immune globulin", ["specific immunoglobulin"]),
        ("prescribed in April", []),
        ("No matching concept", []),
    ],
)
def test_drug_words(text: str, leaves: list[str]) -> None:
    assert list(TERMS.read(DRUG, (), text).leaves) == leaves


@pytest.mark.parametrize(
    ("drug", "classes", "never"),
    [
        ("infliximab", ["monoclonal antibody", "TNF inhibitor", "biologic", "immunosuppressant"], ["NSAID"]),
        ("etanercept", ["Fc fusion protein", "TNF inhibitor", "biologic"], ["monoclonal antibody"]),
        ("abatacept", ["Fc fusion protein", "biologic DMARD"], ["monoclonal antibody"]),
        ("anakinra", ["interleukin-1 antagonist", "biologic"], ["monoclonal antibody"]),
        ("certolizumab pegol", ["antibody fragment", "TNF inhibitor"], ["monoclonal antibody"]),
        ("rituximab", ["monoclonal antibody", "anti-CD20 antibody", "biologic"], []),
        ("denosumab", ["monoclonal antibody", "biologic"], ["immunosuppressant"]),
        ("evolocumab", ["monoclonal antibody", "PCSK9 inhibitor"], ["immunosuppressant"]),
        ("tofacitinib", ["JAK inhibitor", "DMARD", "immunosuppressant"], ["biologic"]),
        ("methotrexate", ["conventional DMARD", "DMARD"], ["biologic"]),
        ("mycophenolate mofetil", ["immunosuppressant"], ["opioid"]),
        ("prednisone", ["glucocorticoid", "corticosteroid"], []),
        ("fluticasone", ["corticosteroid"], ["glucocorticoid"]),
        ("aspirin", ["NSAID", "antiplatelet"], []),
        ("insulin glargine", ["insulin", "antidiabetic"], ["biologic"]),
    ],
)
def test_classes_of_a_drug(drug: str, classes: list[str], never: list[str]) -> None:
    names = TERMS.read(DRUG, (), drug).names
    assert set(classes) <= names
    assert not set(never) & names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("newantimab 10 MG", "monoclonal antibody"),
        ("newantimab-xyzw 10 MG", "monoclonal antibody"),
        ("novocitinib", "JAK inhibitor"),
        ("novotinib", "kinase inhibitor"),
        ("xyzvastatin", "statin"),
    ],
)
def test_an_unknown_drug_shows_its_class_by_its_ending(text: str, name: str) -> None:
    reading = TERMS.read(DRUG, (), text)
    assert name in reading.names
    assert (reading.leaves, reading.via) == ((), "text")


@pytest.mark.parametrize(
    ("system", "code", "leaves"),
    [
        ("ICD10CM", "M35.3", ["polymyalgia rheumatica"]),
        ("http://hl7.org/fhir/sid/icd-10-cm", "M353 ", ["polymyalgia rheumatica"]),
        ("https://hl7.org/fhir/sid/icd-10-cm/", "M31.5", ["polymyalgia rheumatica", "giant cell arteritis"]),
        ("urn:oid:2.16.840.1.113883.6.90", "M31.6", ["giant cell arteritis"]),
        ("ICD9CM", "725", ["polymyalgia rheumatica"]),
        ("ICD10", "G35", ["multiple sclerosis"]),
        ("ICD10CM", "C44.91", ["non-melanoma skin cancer"]),
        ("ICD10CM", "D06.9", ["cervical carcinoma in situ"]),
        ("ICD10CM", "C50.911", ["breast cancer"]),
        ("ICD10CM", "C80.1", ["malignancy"]),
        ("ICD10CM", "I50.22", ["heart failure"]),
        ("ICD10CM", "B20", ["HIV infection"]),
        ("ICD10CM", "B18.2", ["hepatitis C"]),
        ("ICD10CM", "E11.9", ["type 2 diabetes"]),
        ("ICD10CM", "M3534", []),
        ("http://snomed.info/sct", "88805009", ["heart failure"]),
        ("SNOMED", "399211009", ["old myocardial infarction"]),
    ],
)
def test_condition_codes(system: str, code: str, leaves: list[str]) -> None:
    reading = TERMS.read(CONDITION, ((system, code),), "")
    assert sorted(reading.leaves) == sorted(leaves)
    assert reading.via == ("code" if leaves else "")


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("C44.91", {"skin cancer", "malignancy"}),
        ("C50.911", {"solid tumour", "malignancy"}),
        ("C83.3", {"lymphoma", "haematological malignancy", "malignancy"}),
        ("G35", {"demyelinating disease"}),
        ("A15.0", {"serious infection", "infection"}),
        ("F10.20", {"substance abuse", "mental disorder"}),
        ("O14.10", {"pregnancy"}),
    ],
)
def test_what_stands_above_a_condition(code: str, above: set[str]) -> None:
    assert above <= TERMS.read(CONDITION, (("ICD10CM", code),), "").names


def test_carcinoma_in_situ_is_no_malignancy() -> None:
    for codings, text in (((("ICD10CM", "D05.10"),), ""), ((), "Carcinoma in situ of prostate (disorder)")):
        names = TERMS.read(CONDITION, codings, text).names
        assert "carcinoma in situ" in names
        assert "malignancy" not in names


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Rheumatoid arthritis (disorder)", ["rheumatoid arthritis"]),
        ("Alzheimer's disease", ["Alzheimer disease"]),
        ("Retinopathy due to type 2 diabetes mellitus", ["type 2 diabetes"]),
        ("Diabetes insipidus", ["diabetes insipidus"]),
        ("Pulmonary hypertension", ["pulmonary hypertension"]),
        ("Ocular hypertension", []),
        ("Suspected lung cancer (situation)", []),
        ("Family history of breast cancer", []),
        ("No evidence of malignancy", []),
        ("Hypertensive heart disease without heart failure", []),
        ("Chronic intractable migraine without aura", ["migraine"]),
        ("History of stroke", ["stroke"]),
        ("History of myocardial infarction", ["old myocardial infarction"]),
        ("Provision of hearing aids", []),
        ("HEARING AIDS", []),
        ("AIDS", ["HIV infection"]),
        ("Non-Hodgkin's lymphoma", ["non-Hodgkin lymphoma"]),
        ("Horton syndrome", ["giant cell arteritis"]),
        ("Horton headache", ["cluster headache"]),
        ("Adenocarcinoma of colon", ["malignancy"]),
        ("Carcinoma of cervix in situ", ["cervical carcinoma in situ"]),
        ("Type II diabetes mellitus", ["type 2 diabetes"]),
        ("Vaccination for hepatitis B", []),
        ("Nursing home resident", []),
    ],
)
def test_condition_words(text: str, leaves: list[str]) -> None:
    assert list(TERMS.read(CONDITION, (), text).leaves) == leaves


@pytest.mark.parametrize(
    ("code", "live"),
    [
        *((code, True) for code in ("03", "21", "121", "119", "37", "111", "25", "19", "02")),
        *((code, False) for code in ("187", "140", "207", "208", "10", "133", "33", "113", "62")),
    ],
)
@pytest.mark.parametrize("domain", [Domain.DRUG, Domain.IMMUNISATION])
def test_live_vaccines_by_code_as_drug_rows_and_as_immunisations(domain: Domain, code: str, live: bool) -> None:
    names = TERMS.read(domain, (("http://hl7.org/fhir/sid/cvx", code),), "").names
    assert ("live vaccine" in names) is live
    assert ("non-live vaccine" in names) is not live


def test_a_cvx_code_needs_no_leading_zero() -> None:
    assert TERMS.read(DRUG, (("CVX", "3"),), "").leaves == ("measles mumps rubella vaccine",)


@pytest.mark.parametrize("words", ["zoster unspecified formulation", "influenza, unspecified formulation"])
def test_a_vaccine_of_unstated_kind_is_neither_live_nor_not(words: str) -> None:
    names = TERMS.read(Domain.IMMUNISATION, (), words).names
    assert "vaccine of unstated kind" in names
    assert not {"live vaccine", "non-live vaccine"} & names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Plain chest X-ray (procedure)", {"chest imaging"}),
        ("CT of chest and abdomen", {"chest imaging"}),
        ("Bilateral tubal ligation", {"permanent sterilisation"}),
        ("Kidney transplant", {"transplantation", "major surgery"}),
        ("Referral for hysterectomy", set()),
        ("12-lead ECG", {"electrocardiogram"}),
    ],
)
def test_procedure_words(text: str, names: set[str]) -> None:
    found = TERMS.read(PROCEDURE, (), text).names
    assert names <= found
    assert bool(names) is bool(found)


def test_an_allergy_is_read_by_the_drugs_term() -> None:
    assert TERMS.read(Domain.ALLERGY, (), "Allergy to aldesleukin").leaves == ("aldesleukin",)
    assert "penicillin" in TERMS.read(Domain.ALLERGY, (), "Penicillin V").names
    assert "food allergy" in TERMS.read(Domain.ALLERGY, (("SNOMED", "91935009"),), "").names


def test_the_title_of_an_observation_is_no_diagnosis_but_its_code_is() -> None:
    assert TERMS.read(Domain.OBSERVATION, (), "HIV status").names == frozenset()
    assert "HIV infection" in TERMS.read(Domain.OBSERVATION, (("SNOMED", "86406008"),), "").names


@pytest.mark.parametrize(
    ("codings", "text", "understood"),
    [
        ((), "Sprain of ankle", True),
        ((), "", False),
        ((), "No matching concept", False),
        ((), "12345", False),
        ((("ICD10CM", "S93.4"),), "", True),
        ((("SNOMED", "44465007999"),), "", False),  # only single ids are known: it may mean anything
        ((("http://clinic.example/local", "X1"),), "", False),
        ((("http://clinic.example/local", "X1"),), "Sprain of ankle", True),
    ],
)
def test_a_row_is_understood_by_words_or_by_a_system_that_is_read_whole(
    codings: tuple[tuple[str, str], ...], text: str, understood: bool
) -> None:
    assert TERMS.read(CONDITION, codings, text).understood is understood


def test_a_text_too_long_for_a_title_is_read_at_its_beginning_and_not_ruled_out() -> None:
    assert TERMS.read(CONDITION, (), "asthma " + "x" * 10_000_000).leaves == ("asthma",)
    assert not TERMS.read(CONDITION, (), "not read " * 1_000_000).understood
    assert not TERMS.read(CONDITION, (), "asthma " + "x" * 10_000_000).understood
    assert TERMS.read(CONDITION, (), "asthma").understood


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("http://snomed.info/sct", "SNOMED"),
        ("http://snomed.info/sct/731000124108/version/20240301", "SNOMED"),
        (" https://hl7.org/fhir/sid/icd-10-cm ", "ICD10CM"),
        ("urn:oid:2.16.840.1.113883.6.88", "RXNORM"),
        ("RxNorm", "RXNORM"),
        ("RxNorm Extension", "RXNORM EXTENSION"),
        ("http://loinc.org|2.77", "LOINC"),
        ("http://hl7.org/fhir/sid/ndc", "NDC"),
        ("urn:oid:1.2.3", "urn:oid:1.2.3"),
    ],
)
def test_code_systems_have_one_name(written: str, name: str) -> None:
    assert code_system(written) == name


@pytest.mark.parametrize("words", ["TNF inhibitor", "tnf-inhibitors", "  TNF   Inhibitors", "TNF blocker"])
def test_a_term_is_found_whatever_its_case_spaces_hyphens_and_plural(words: str) -> None:
    concept = TERMS.find([DRUG], words)
    assert concept is not None
    assert concept.name == "TNF inhibitor"


def test_a_term_that_is_not_known_has_a_nearest_one() -> None:
    assert TERMS.find([DRUG], "methotrexat") is None
    assert TERMS.nearest([DRUG], "methotrexat") == "methotrexate"
    assert TERMS.nearest([DRUG], "qqqqq") is None


# study.md section 3: what the nineteen criteria name.
@pytest.mark.parametrize(
    ("domain", "words"),
    [
        *((CONDITION, words) for words in ("polymyalgia rheumatica", "giant cell arteritis", "Horton syndrome")),
        *((CONDITION, words) for words in ("heart failure", "multiple sclerosis", "demyelinating disease", "HIV")),
        *((CONDITION, words) for words in ("hepatitis C", "tuberculosis", "malignancy", "non-melanoma skin cancer")),
        *((CONDITION, words) for words in ("cervical cancer", "cervical carcinoma in situ", "alcohol abuse")),
        *(
            (CONDITION, words)
            for words in ("drug abuse", "pneumonia", "pyelonephritis", "bacteraemia", "EBV infection")
        ),
        *((CONDITION, words) for words in ("mental disorder", "pregnancy", "lactation", "Gilbert syndrome")),
        *((DRUG, words) for words in ("glucocorticoid", "DMARD", "conventional DMARD", "methotrexate", "tacrolimus")),
        *((DRUG, words) for words in ("hydroxychloroquine", "azathioprine", "leflunomide", "cyclosporine")),
        *((DRUG, words) for words in ("mycophenolate mofetil", "intravenous immunoglobulin", "cyclophosphamide")),
        *((DRUG, words) for words in ("rituximab", "biologic", "infliximab", "adalimumab", "etanercept", "anakinra")),
        *((DRUG, words) for words in ("monoclonal antibody", "NSAID", "interleukin-2", "antibiotic", "live vaccine")),
        *((DRUG, words) for words in ("BCG vaccine", "immunosuppressive agent", "iguratimod", "tripterygium")),
        *((PROCEDURE, words) for words in ("chest imaging", "hysterectomy", "bilateral oophorectomy", "vasectomy")),
    ],
)
def test_the_founding_studys_words_are_terms(domain: Domain, words: str) -> None:
    assert TERMS.find([domain], words) is not None


def test_prednisone_equivalents_are_exact() -> None:
    factors = equivalence("prednisone")
    assert factors is not None
    # study.md I3: the limit of 10 mg a day is methylprednisolone 8, hydrocortisone 40, dexamethasone 1.5.
    limits = {"methylprednisolone": Fraction(8), "hydrocortisone": Fraction(40), "dexamethasone": Fraction("1.5")}
    assert {drug: factors[drug] * dose for drug, dose in limits.items()} == dict.fromkeys(limits, Fraction(10))
    assert "budesonide" not in factors
    assert equivalence("ibuprofen") is None
    assert "clinician" in equivalence_source()


def test_a_layer_replaces_a_term_and_the_reading_names_it() -> None:
    ours = Concept("prednisone", DRUG, aliases=("Prednison",), broader=("glucocorticoid",))
    layered = TERMS.with_layer([ours], "site.yaml")
    reading = layered.read(DRUG, (), "Prednison 5 mg")
    assert (reading.leaves, reading.layer) == (("prednisone",), "site.yaml")
    assert "corticosteroid" in reading.names
    assert TERMS.read(DRUG, (), "prednisone").layer == "shipped"
    assert layered.identity != TERMS.identity


def test_the_identity_is_of_the_meaning_and_not_of_the_order() -> None:
    one, two = Concept("a drug", DRUG, aliases=("x1", "x2")), Concept("b drug", DRUG)
    other = Concept("a drug", DRUG, aliases=("x2", "x1"))
    assert Vocabulary.of([one, two]).identity == Vocabulary.of([two, other]).identity
    assert Vocabulary.of([one, two]).identity != Vocabulary.of([one]).identity
    assert Vocabulary.of([one]).identity != Vocabulary.of([one], Wording(endings={DRUG: {"mab": "a drug"}})).identity


def test_narrower_and_broader_hold_the_term_itself() -> None:
    assert {"TNF inhibitor", "anti-TNF antibody", "etanercept", "infliximab"} <= TERMS.narrower("TNF inhibitor")
    assert TERMS.broader("infliximab") >= {"infliximab", "biologic"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rituximab or other monoclonal antibodies within 6 months", ["rituximab", "monoclonal antibodies"]),
        ("Accept or expect to receive any live vaccines", ["live vaccines"]),
        ("no NSAIDs, no IVIg", ["nsaids", "ivig"]),
    ],
)
def test_drugs_in_prose(text: str, names: list[str]) -> None:
    assert [found.name for found in find_drugs(text)] == names
    assert [text[found.start : found.end].casefold() for found in find_drugs(text)] == names


def test_classes_in_prose_go_upwards_and_a_class_begins_with_itself() -> None:
    drug, group = find_drugs("infliximab, TNF inhibitors")
    assert drug.classes[:2] == ("anti-tnf antibody", "tnf inhibitor")
    assert group.classes[0] == "tnf inhibitor"
    assert (drug.is_class, group.is_class) == (False, True)


@pytest.mark.parametrize(
    ("loinc", "title", "test", "understood"),
    [
        ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "creatinine", True),
        ("2160-0", "anything", "creatinine", True),
        ("", "Creatinine [Mass/volume] in Serum or Plasma", "creatinine", True),
        ("", "Serum creatinine level", "creatinine", True),
        ("", "Creatinine, serum", "creatinine", True),
        ("", "ALT (SERUM)", "ALT", True),
        ("", "Potassium [Moles/volume] in Blood", "potassium", True),
        ("", "Platelets [#/volume] in Blood by Automated count", "platelets", True),
        ("", "Hemoglobin", "hemoglobin", True),
        ("", "anti-HBs level result", "anti-HBs level", True),
        ("", "Pregnancy test result", "pregnancy test", True),
        ("", "Hemoglobin in Plasma", "", False),
        ("", "Hemoglobin goal", "", False),
        ("", "Fetal hemoglobin", "", False),
        ("", "ALT/AST ratio", "", False),
        ("", "Platelet distribution width", "", False),
        ("", "Glucose in Urine", "", False),
        ("", "AST, pleural fluid", "", False),
        ("", "Creatinine [Mass/volume] in Body fluid", "", False),
        ("12190-5", "Creatinine [Mass/volume] in Body fluid", "", True),
        ("2828-2", "Potassium [Moles/volume] in Urine", "", True),
        ("32207-3", "Platelet distribution width [Entitic volume] in Blood by Automated count", "", True),
        ("99999-9", "Creatinine [Mass/volume] in Serum", "", False),  # may be ours, may be another: nobody knows
    ],
)
def test_a_test_is_read_by_its_code_or_by_its_whole_title(loinc: str, title: str, test: str, understood: bool) -> None:
    reading = TERMS.read(Domain.MEASUREMENT, (("LOINC", loinc),) if loinc else (), title)
    assert reading.leaves == ((test,) if test else ())
    assert reading.understood is understood


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("QTc", {"QTc"}),
        ("QTcF interval", {"QTc", "QTcF"}),
        ("QTcB", {"QTc", "QTcB"}),
        ("PPD", {"tuberculin skin test result"}),
        ("hCG qualitative", {"pregnancy test"}),
        ("Swollen joint count", {"swollen joint count"}),
    ],
)
def test_a_rule_on_qtc_reads_every_correction_and_a_rule_on_one_reads_its_own(title: str, names: set[str]) -> None:
    assert TERMS.read(Domain.MEASUREMENT, (), title).names == names


@pytest.mark.parametrize(
    "drug",
    [
        "clarithromycin",
        "telithromycin",
        "nefazodone",
        "indinavir",
        "nelfinavir",
        "saquinavir",
        "lopinavir",
        "ceritinib",
        "idelalisib",
        "tucatinib",
    ],
)
def test_a_strong_cyp3a_inhibitor_is_one(drug: str) -> None:
    assert "strong CYP3A inhibitor" in TERMS.read(DRUG, (), f"{drug} 150 MG").names


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C79.31", "brain metastases"),
        ("I42.1", "hypertrophic cardiomyopathy"),
        ("J70.0", "pneumonitis"),
        ("J70.3", "interstitial lung disease"),
        ("J84.10", "interstitial lung disease"),
    ],
)
def test_conditions_oncology_and_cardiology_ask_for(code: str, name: str) -> None:
    assert name in TERMS.read(CONDITION, (("ICD10CM", code),), "").names
