"""How the rules of a plan look: folded by what is done with their findings, as entries of an outline."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.wording import counted
from archaeologist_tui.reading.commits import Subject
from archaeologist_tui.reading.rules import rule_name, rule_title
from archaeologist_tui.widgets.entries import Later, Paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tui.reading.planned import PlannedGroup, PlannedRule
    from archaeologist_tui.widgets.entries import Entry

_MUTED = "$foreground-muted"


def planned_entries(groups: Sequence[PlannedGroup]) -> list[Entry]:
    """Return an entry for each group."""
    return [_group(group) for group in groups]


def _group(group: PlannedGroup) -> Paragraph:
    return Paragraph(
        group.key,
        Content.assemble((group.size, "bold"), "  ", plain(group.title, _MUTED)),
        inside=tuple(_rule(rule) for rule in group.rules),
        opened=False,
    )


def _rule(rule: PlannedRule) -> Paragraph:
    key = f"planned.rule.{rule.code}"
    size = f"  in {counted(len(rule.files), 'file')}" if rule.files else ""
    return Paragraph(
        key,
        Content.assemble(
            (plain(f"{rule.code} {rule_name(rule.code)}").plain, "bold"),
            "  ",
            plain(rule_title(rule.code)),
            (size, _MUTED),
        ),
        Content(f"{rule.findings:>6,}  " if rule.files else ""),
        inside=Later(partial(_files, key, rule)) if rule.files else (),
        opened=False,
        fields={"rule": rule.code.lower()},
    )


def _files(key: str, rule: PlannedRule) -> list[Entry]:
    return [
        Paragraph(
            f"{key}.{path}",
            plain(path),
            Content(f"{count:>6,}  "),
            fields={"path": path.lower()},
            about=Subject(path=path),
        )
        for path, count in rule.files
    ]
