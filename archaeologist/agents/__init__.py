"""The four durable agents: one folder a role with its workflow, its tools and, for a model, its prompt.

`workflow.py` modules and `loop.py` are replayed: they import nothing that does I/O and read no clock.
`tools.py` modules run outside, in supervised child processes.
"""
