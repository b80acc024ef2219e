"""Tests of chatroom.wire.engineio."""
