"""Reads the wording of a rule into its tree; what cannot be read is pointed at, in the language's own words."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from trialrun.criteria.building import Builder
from trialrun.criteria.mistakes import explain, known_mistake
from trialrun.criteria.model import IfThen, Promise, Rule, children
from trialrun.criteria.offers import filled, offered
from trialrun.criteria.printing import RESERVED, print_rule
from trialrun.errors import GrammarError

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

    from trialrun.vocabulary.terms import Vocabulary

MAX_LENGTH = 4_000
MAX_OFFERED = 400
"""Characters of a sentence for which a rule is offered; what is longer is no slip of one sentence."""
MAX_DEPTH = 20
MAX_NESTING = 100
"""Rules inside rules, also over several that name one another; without it a chain of `not` would end in a crash."""
IF_IN_EXCLUSION = "in an exclusion 'if … then …' would exclude everybody for whom the condition does not hold"
_IF = re.compile(r"\bif\b(?!\s+nothing)", re.IGNORECASE)


def parse_rule(text: str, vocabulary: Vocabulary, *, exclusion: bool = False) -> Rule:
    """Reads a rule.

    Args:
        text: Its wording.
        vocabulary: The terms it may name.
        exclusion: Whether it stands among the exclusions, where `if … then …` would exclude everybody.

    Raises:
        GrammarError: with the place of what cannot be read, and what to write.
    """
    try:
        rule = _read(text, "rule", vocabulary)
    except GrammarError as error:
        raise _with_offers(error, text, vocabulary, exclusion) from None
    assert not isinstance(rule, Promise)
    if exclusion and asks_if(rule):
        asked = _IF.search(without_questions(text))
        raise GrammarError(IF_IN_EXCLUSION, asked.start() if asked else 0, 2, "Join the two with 'and'.")
    return rule


def read_again(rule: Rule, vocabulary: Vocabulary) -> Rule:
    """The rule that the canonical wording of a rule gives: a rule from elsewhere is held to all checks of a written one.

    Its wording may be longer than one that a person writes.

    Raises:
        GrammarError: the wording names what is not known, or what does not fit.
    """
    read = _read_guarded(print_rule(rule), "rule", vocabulary)
    assert not isinstance(read, Promise)
    return read


def parse_promise(text: str, vocabulary: Vocabulary) -> Promise:
    """Reads a promise: `no [live vaccine] from day 1 until 4 months after last dose`.

    Raises:
        GrammarError: with the place of what cannot be read, and what to write.
    """
    promise = _read(text, "promise", vocabulary)
    assert isinstance(promise, Promise)
    return promise


def _with_offers(error: GrammarError, text: str, vocabulary: Vocabulary, exclusion: bool) -> GrammarError:
    """The same complaint; where the text's own words make a rule, that rule is its hint."""
    if len(text) > MAX_OFFERED or '"…"' in text:
        return error

    def reads(words: str) -> bool:
        try:
            rule = _read(words, "rule", vocabulary)
        except GrammarError:
            return False
        assert not isinstance(rule, Promise)
        return not (exclusion and asks_if(rule))

    hint = offered(text, vocabulary, reads) or filled(error.hint, text)
    return GrammarError(error.message, error.start, error.width, hint)


def _read(text: str, start: str, vocabulary: Vocabulary) -> Rule | Promise:
    _guard(text)
    return _read_guarded(text, start, vocabulary)


def _read_guarded(text: str, start: str, vocabulary: Vocabulary) -> Rule | Promise:
    from lark.exceptions import UnexpectedInput, VisitError

    try:
        tree = _lark().parse(text, start=start)
    except UnexpectedInput as error:
        raise explain(text, error, start, vocabulary) from None
    if _is_nested_deeply(tree):
        raise GrammarError(f"rules inside rules more than {MAX_NESTING} deep", 0, 1, "Divide the rule into parts.")
    try:
        built: Rule | Promise = Builder(vocabulary).transform(tree)
    except VisitError as error:
        wrong = error.orig_exc
        if isinstance(wrong, GrammarError):
            raise known_mistake(text, wrong.start + wrong.width) or wrong from None
        raise
    return built


def _guard(text: str) -> None:
    """Refuses what could only be a slip, before any of it is read."""
    if not text.strip():
        raise GrammarError("the rule is empty", 0, 1, "Write for example: age at screening >= 50 years")
    if len(text) > MAX_LENGTH:
        raise GrammarError(f"a rule of more than {MAX_LENGTH:,} characters", 0, 1, "Divide it into parts.")
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise GrammarError(
                f"parentheses nested more than {MAX_DEPTH} deep", position, 1, "Divide the rule into parts."
            )


def _is_nested_deeply(tree: Tree[Token]) -> bool:
    level = [tree]
    for _ in range(MAX_NESTING):
        level = [inner for outer in level for inner in outer.children if not isinstance(inner, str)]
        if not level:
            return False
    return True


def asks_if(rule: Rule) -> bool:
    """Whether `if … then …` stands anywhere in a rule; rules that it names are not looked into."""
    return isinstance(rule, IfThen) or any(asks_if(child) for child in children(rule))


def without_questions(text: str) -> str:
    """The text with every question blanked, at the same places."""
    return re.sub(r'"[^"]*"', lambda quoted: " " * len(quoted[0]), text)


@lru_cache(maxsize=1)
def _lark() -> Lark:
    from lark import Lark

    grammar = (resources.files("trialrun.criteria") / "grammar.lark").read_text(encoding="utf-8")
    grammar = grammar.replace("RESERVED", RESERVED)
    return Lark(grammar, parser="lalr", start=["rule", "promise"], maybe_placeholders=False)
