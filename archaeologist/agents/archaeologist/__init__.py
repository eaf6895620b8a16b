"""The archaeologist: its workflow and its steps."""
