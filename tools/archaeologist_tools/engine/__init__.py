"""What runs the rules: one walk over a file for all of them, edits tried and checked one by one, layers for commits."""
