"""What an agent reads of a repository: excerpts, outlines, usages, history. All of it is text for a model."""
