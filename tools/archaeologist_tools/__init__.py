"""Deterministic tooling: rules, source reading, git and checks; knows nothing of Temporal, models or terminals."""
