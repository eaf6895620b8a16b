"""The modernizer: its workflow and its steps."""
