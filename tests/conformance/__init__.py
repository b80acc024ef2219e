"""RFC 6455, RFC 7692, Engine.IO and Socket.IO, by the cases of their authors' suites."""
