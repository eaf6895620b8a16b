"""What must hold of a file after an edit that a model asked for: a model is no proof, so everything is looked at."""
