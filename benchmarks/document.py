"""Writes results into a document: `python -m benchmarks.document FILE … [--document FILE]`.

A table stands between `<!-- table: fanout -->` and `<!-- end -->`, and so does what is said of the
machine, as the table `machine`. What no FILE has stays as it is.
"""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import table

DOCUMENT = Path("docs/benchmarks.md")
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def cases_of(paths: Sequence[Path]) -> dict[str, Any]:
    """Give the cases of all files; of one that is in several the last."""
    return {
        name: case
        for path in paths
        for name, case in json.loads(path.read_bytes())["cases"].items()
    }


def filled(text: str, parts: dict[str, str]) -> str:
    """Give a text with these parts in their places."""

    def fill(place: re.Match[str]) -> str:
        begins, name, ends = place.groups()
        return f"{begins}\n{parts[name]}\n\n{ends}" if name in parts else place[0]

    return PLACE.sub(fill, text)


def described(results: dict[str, Any]) -> str:
    """Say when and on what machine it was, as a sentence."""
    machine = ", ".join(results["machine"].values())
    return f"Measured on {results['at'][:10]}, on {machine}; rounds: {results['rounds']}."


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.document", description=__doc__)
    parser.add_argument("file", nargs="+", type=Path, help="made with --json")
    parser.add_argument("--document", type=Path, default=DOCUMENT)
    given = parser.parse_args()
    parts = {
        name: f"{case['title']}:\n\n{table.markdown(table.table(case))}"
        for name, case in cases_of(given.file).items()
    }
    parts["machine"] = described(json.loads(given.file[-1].read_bytes()))
    given.document.write_text(filled(given.document.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    main()
