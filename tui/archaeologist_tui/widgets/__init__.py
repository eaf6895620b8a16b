"""One widget a file. Panes have `show(picture)`, and `add(events)` where they need every event."""
