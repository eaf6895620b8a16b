"""What an agent may do to code: small operations on one file, each of them right or refused with a reason."""
