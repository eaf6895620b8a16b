"""The documenter: its workflow and its steps."""
