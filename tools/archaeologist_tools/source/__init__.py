"""Reading source: files as modules, the scope of a run, the target version, facts of the whole project."""
