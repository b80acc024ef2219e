"""Real clients in one room, whatever carries them, and what stands between them and the server."""
