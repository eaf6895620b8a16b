"""Asking models from a process of its own, which outlives the worker.

A worker may die at any time, and an answer that is on its way to a dead worker has been paid. So the worker asks no
model itself: a small detached process, the asker, does, and writes each answer to the journal. The next worker joins a
question that is still on its way, and finds an answer that has come meanwhile.
"""
