"""Tests of chatroom.wire."""
