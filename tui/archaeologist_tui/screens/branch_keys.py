"""The keys of the branch, what newcomers look for first: a small window has room for few of them in its last line."""

from __future__ import annotations

from dataclasses import replace

from textual.binding import Binding

from archaeologist.review.filtering import EXAMPLE
from archaeologist_tui.screens.above import answering
from archaeologist_tui.widgets.diff import DiffView

BRANCH_KEYS = (
    *answering("revive"),
    Binding("l,3", "left", "Left alone", id="branch.left", tooltip="What was left alone, and why"),
    Binding("slash", "filter", "Filter", key_display="/", id="branch.filter", tooltip=f"Show less: {EXAMPLE}"),
    Binding("i", "git", "Git", id="branch.git", tooltip="How to see the branch in git, and to throw it away"),
    Binding("w", "weak", "Look first", id="branch.weak", tooltip="What nobody proved, to be looked at first"),
    Binding("escape", "back", "Back", id="branch.back", tooltip="Back to the commits, and to the run"),
    Binding("b", "group", "Group", id="branch.group", tooltip="By rule, by file or by agent"),
    Binding("e", "edit", "Editor", id="branch.edit", tooltip="Open a copy of the branch's file in your editor"),
    Binding("y", "copy", "Copy", id="branch.copy", tooltip="Copy the hunk as a patch for git apply"),
    *answering("pause", "go_on", "cancel"),
    Binding("space", "fold", "Unfold", show=False, id="branch.fold", tooltip="Show the parts, or hide them"),
    Binding("1", "list", "Commits", show=False, id="branch.list", tooltip="Go to the commits"),
    Binding("2", "diff", "Diff", show=False, id="branch.diff", tooltip="Go to the diff"),
    *(replace(binding, action=f"in_diff({binding.action!r})", show=False) for binding in DiffView.OWN),
)
