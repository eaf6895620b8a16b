"""What documentation says, checked against the code: an agent writes well, and not always what is true."""
