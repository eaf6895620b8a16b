"""The words of the product as frozen models: what every process, history and file agrees on.

Imports nothing of ours and nothing heavy, because workflow code and `--help` both load it.
"""
