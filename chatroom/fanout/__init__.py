"""Brings stored events to every node."""
