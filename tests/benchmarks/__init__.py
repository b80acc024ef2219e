"""What would make the benchmarks wrong without a word."""
