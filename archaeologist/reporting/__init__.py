"""How runs and findings are told: lines of text, JSON lines, Markdown. Prints nothing itself."""
