"""What pictures of a run mean: pure functions from a picture to what a pane shows, without any widget."""
