"""Every rule keeps the promises of its documentation."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.base import COMMON_REFUSALS, SECTIONS, AnyRule
from archaeologist_tools.engine.registry import all_rules
from support.rewriting import rewrite, survey

TARGET = (3, 11)
FAMILIES = {"strings", "files", "paths", "syntax", "state", "docs", "types"}


def named(rule: AnyRule) -> str:
    return rule.code


VALID = [pytest.param(rule, text, id=f"{rule.code}-{n}") for rule in all_rules() for n, text in enumerate(rule.valid)]
INVALID = [
    pytest.param(rule, *pair, id=f"{rule.code}-{n}") for rule in all_rules() for n, pair in enumerate(rule.invalid)
]


@pytest.mark.parametrize(("rule", "source"), VALID)
def test_valid_example_is_not_found(rule: AnyRule, source: str) -> None:
    result = survey(source, rule.code, target=TARGET)
    assert (result.status, result.findings) == ("ok", ())


@pytest.mark.parametrize(("rule", "before", "after"), INVALID)
def test_invalid_example_is_found_and_rewritten_as_shown(rule: AnyRule, before: str, after: str) -> None:
    assert [finding.rule for finding in survey(before, rule.code, target=TARGET).findings] != []
    result = rewrite(before, rule.code, target=TARGET)
    written = result.layers[-1].data.decode() if result.layers else before
    assert written == after


@pytest.mark.parametrize("rule", all_rules(), ids=named)
def test_rule_is_documented(rule: AnyRule) -> None:
    sections = rule.documentation()
    assert tuple(sections) == SECTIONS
    assert all(sections.values())
    assert rule.family in FAMILIES
    assert len(rule.title) < 60
    assert not rule.title.endswith(".")
    # The README's section is no Python: nothing in a module is an example of it.
    assert (rule.valid and rule.invalid) or rule.code == "AR053"


@pytest.mark.parametrize("rule", all_rules(), ids=named)
def test_refusals_of_a_rule_do_not_shadow_common_words(rule: AnyRule) -> None:
    assert all(words and not words.endswith(".") for words in rule.refusals.values())
    assert not set(rule.refusals) & (set(COMMON_REFUSALS) - {"rebound"})


def test_file_of_a_rule_bears_its_name() -> None:
    own = [rule for rule in all_rules() if not type(rule).__module__.endswith(".adopted")]
    assert {type(rule).__module__.rpartition(".")[2] for rule in own} == {rule.name.replace("-", "_") for rule in own}


def test_codes_are_pinned() -> None:
    # Codes stand in commits, configurations and ledgers: one is never reused and never moves.
    assert {rule.code: rule.name for rule in all_rules()} == {
        "AR001": "percent-format",
        "AR002": "format-call",
        "AR003": "eager-logging",
        "AR004": "percent-bytes",
        "AR005": "text-sum",
        "AR006": "static-join",
        "AR010": "open-without-with",
        "AR011": "text-encoding",
        "AR012": "use-pathlib",
        "AR013": "os-filesystem",
        "AR014": "codecs-open",
        "AR015": "path-parameter",
        "AR020": "object-base",
        "AR021": "super-arguments",
        "AR022": "metaclass-attribute",
        "AR023": "global-statement",
        "AR024": "mutable-default",
        "AR025": "bare-except",
        "AR026": "none-comparison",
        "AR027": "type-comparison",
        "AR030": "python2-name",
        "AR031": "version-check",
        "AR032": "six",
        "AR033": "future-import",
        "AR034": "unicode-prefix",
        "AR035": "import-fallback",
        "AR036": "os-error-alias",
        "AR037": "coding-cookie",
        "AR038": "collection-from-list",
        "AR039": "typing-alias",
        "AR040": "missing-annotation",
        "AR041": "implicit-optional",
        "AR044": "empty-collection-call",
        "AR050": "module-docstring",
        "AR051": "class-docstring",
        "AR052": "function-docstring",
        "AR053": "readme-section",
        "AR060": "removed-api",
        "AR061": "deprecated-api",
        "AR062": "naive-utc",
        "AR063": "unittest-alias",
        "AR064": "abstract-collection",
        "AR065": "decorator-call",
        "AR066": "named-tuple-call",
        "AR067": "enum-call",
        "AR068": "superseded-method",
        "AR069": "option-parser",
        "AR100": "lru-cache-call",
        "AR101": "encode-literal",
        "AR102": "default-open-mode",
        "AR103": "native-literal",
        "AR104": "extra-parentheses",
        "AR105": "empty-bases",
        "AR106": "trailing-semicolon",
        "AR107": "not-in",
        "AR108": "is-not",
        "AR109": "empty-f-string",
        "AR110": "invalid-escape",
        "AR111": "needless-pass",
        "AR112": "timeout-alias",
        "AR113": "primitive-type",
        "AR114": "utc-alias",
        "AR115": "typing-text",
        "AR116": "io-open",
        "AR117": "subprocess-text",
        "AR118": "unbounded-cache",
        "AR119": "list-of-sorted",
        "AR120": "constant-getattr",
        "AR121": "constant-setattr",
        "AR122": "one-exception-tuple",
        "AR123": "empty-print",
        "AR124": "or-operator",
        "AR125": "regex-flag",
        "AR126": "none-type",
        "AR127": "hex-digest",
        "AR128": "keyword-mapping",
        "AR129": "range-start",
        "AR130": "useless-return",
        "AR131": "collapsible-else-if",
        "AR132": "useless-loop-else",
        "AR133": "return-none",
        "AR134": "double-negation",
        "AR135": "logging-warn-level",
    }
