"""Tests of chatroom.transports.engineio."""
