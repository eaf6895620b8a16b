"""The crash test: kills everything, again and again, and shows that nothing is lost and nothing is done twice.

Runs the real program in processes of its own against a scratch state directory; imports the pipeline only to look.
"""
