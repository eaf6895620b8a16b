"""The durable record: Temporal's server, embedded or another one, and the connection to it.

Knows no agent, so that the pipeline and a program that brings agents of its own both stand on it.
"""
