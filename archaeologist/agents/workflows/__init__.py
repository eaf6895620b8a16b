"""Workflow code: replayed against histories of open runs, so no I/O, no clock, nothing heavy."""
