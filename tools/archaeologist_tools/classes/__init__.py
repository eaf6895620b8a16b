"""What the rules about classes share."""
