"""Tests of chatroom.transports."""
