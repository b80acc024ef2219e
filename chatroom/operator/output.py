"""What the operator's commands write."""

import os
import sys
from typing import TextIO

_CONTROL = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


def say(out: TextIO, *cells: object) -> None:
    """Write a line, its parts apart by tabs."""
    # As Python writes it where it could be taken for a line of its own.
    line = "\t".join(str(cell).translate(_CONTROL) for cell in cells)
    try:
        out.write(line + "\n")
        out.flush()
    except BrokenPipeError:
        # Whoever reads has had enough; Python would complain at its own end once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
