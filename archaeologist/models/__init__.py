"""Providers: who answers when an agent asks. Nothing outside knows which one does."""
