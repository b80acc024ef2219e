"""Tests of the lesson: its program and its two documents."""
