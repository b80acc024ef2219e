"""The chat itself: who may do what, and what then has happened. It knows no socket and no SQL."""
