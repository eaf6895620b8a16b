"""What values can be, by evidence in the code itself: one inference that all rules share."""
