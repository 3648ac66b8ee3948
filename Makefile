# Two commands matter: `make run` does the job on the founding study, `make test` proves it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PYTHONHASHSEED := 0

.PHONY: run test lint check bench docs drafts lock clean

run: $(VENV)/.runtime
	@$(BIN)/python -m scripts.demo demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal

# Everything that is not a test: style, types, the import contract, generated docs up to date.
lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m scripts.docs --check

check: lint test

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Rewrites the generated pages of docs/.
docs: $(VENV)/.dev
	$(BIN)/python -m scripts.docs

# Drafts every shared registry record and writes what was read and what was not to docs/drafting-coverage.md.
drafts: $(VENV)/.dev
	$(BIN)/python -m scripts.drafts

# Locks with hashes and without addresses; needs uv on the PATH.
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Adding the test tools ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
