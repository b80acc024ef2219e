"""Tests of Engine.IO's carriers."""
