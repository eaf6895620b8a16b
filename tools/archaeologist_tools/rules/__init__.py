"""The rules, one file each; `registry` finds them and `sweep` runs them over many files."""
