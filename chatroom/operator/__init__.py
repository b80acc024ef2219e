"""What the operator does to a server at the command line."""
