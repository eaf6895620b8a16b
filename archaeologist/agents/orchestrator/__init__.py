"""The orchestrator: its workflow and its steps."""
