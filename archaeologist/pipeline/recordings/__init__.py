"""Recorded runs: what a run left, in one folder or one zip that tells nothing of the machine that it ran on.

`<agent>.json` and `<agent>-<n>.json` are histories, `artefacts/` holds what these refer to, however far away, and
`repository.git` the base commit without its past, the run's commits and its notes.
"""
