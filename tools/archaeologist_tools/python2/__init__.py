"""What is left over from Python 2: branches that no Python takes, stand-ins, six, imports with fallbacks."""
