"""Tests of chatroom.wire.socketio."""
