"""Socket.IO 5 without I/O: packets, sockets, and the chat in its words."""
