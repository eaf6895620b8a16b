"""The steps of the four agents and what their tools stand on; they run in child processes."""
