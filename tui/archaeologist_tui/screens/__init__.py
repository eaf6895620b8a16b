"""One screen a file; each reads pictures of runs and none knows where they come from."""
