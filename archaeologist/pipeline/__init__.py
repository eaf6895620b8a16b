"""What hosts the agents: the embedded server, the worker, the client side, and how a run is followed."""
