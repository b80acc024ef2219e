"""Tests of storage: real SQL on real files."""
