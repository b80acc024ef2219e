"""The server as a person runs it: real processes, real sockets, real faults."""
