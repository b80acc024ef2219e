.PHONY: check format-check lint types test format run tools

python := .venv/bin/python

check: format-check lint types test

format-check: tools
	$(python) -m ruff format --check .

lint: tools
	$(python) -m ruff check .

types: tools
	$(python) -m mypy

# The import rules and what the wheel holds are tests too.
test:
	scripts/test

format: tools
	$(python) -m ruff format .
	$(python) -m ruff check --fix .

run:
	scripts/run

tools:
	scripts/prepare dev
