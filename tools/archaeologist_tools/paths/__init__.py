"""Where paths come from and go to: what the rules of the `paths` family decide with."""
