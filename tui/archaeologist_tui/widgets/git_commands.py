"""How the branch is seen without this program: shown where there is room for it, and when a person asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.reporting.text import branch_commands
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.widgets.figures import Figures

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture


class GitCommands(Figures):
    """What to type to see the branch of a run, and to throw it away; nothing as long as there is no commit."""

    def tell(self, picture: Picture) -> None:
        """Show the commands for a run; the same ones again cost nothing."""
        request = picture.view.request if picture.view.commits else None
        run = request.run if request else None
        text = visible("\n".join(branch_commands(run.root, run.base, run.branch))) if run else ""
        if text != self._text:
            self.show(text)
            self.set_class(bool(text), "-known")

    @property
    def is_asked_for(self) -> bool:
        """Whether they are shown because a person wanted it, and not because there is room for them."""
        return self.has_class("-known") and self.has_class("-switched") and self.display

    def switch(self) -> None:
        """Show them when they are not shown, and the other way round."""
        self.toggle_class("-switched")
