"""Where messages are kept: SQLite, written by one thread in batches and read by a few others."""
