"""What stands between a repository and a model: what may be written, what may be sent, and how it is shown."""
