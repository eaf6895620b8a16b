"""What the rules of the strings family share: templates, values, f-strings and their layout."""
