"""Engine.IO 4 over HTTP and WebSocket: the carriers of its sessions, and the path they are on."""
