"""A room written down as a file: HTML, Markdown or JSON lines, a message at a time, without I/O."""
