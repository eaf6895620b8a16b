"""What hosts the agents: the worker and its child processes, what a client does with runs, and following."""
