"""Tests of chatroom.search."""
