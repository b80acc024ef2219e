"""Tests of chatroom.core."""
