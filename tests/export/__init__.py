"""Tests of chatroom.export."""
