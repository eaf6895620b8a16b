"""What the turns of a conversation do outside of workflows: transcript, thinking, tool calls, heartbeats."""
