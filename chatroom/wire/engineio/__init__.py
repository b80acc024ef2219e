"""Engine.IO 4 without I/O: packets, payloads, and the life of a session."""
