"""Programs that run inside the project's own interpreter; nothing of ours imports them."""
