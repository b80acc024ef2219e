"""What the server can do, measured from outside: `python -m benchmarks --help`."""
