"""Code Archaeologist: modernizes legacy Python repositories as a durable run."""

__version__ = "0.1.0"
