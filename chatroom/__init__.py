"""A real-time chat room that anyone can put up with one command."""
