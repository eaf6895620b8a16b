"""What the rules of the files family share: where a handle goes, and writing the with statement."""
