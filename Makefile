# `make run` starts the hotline, `make test` proves it; both set up all they need, in folders of this project's own.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check lint types fast setup clean lock
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Tests that compute have a process for each core; calls wait more than they compute, and a hotline serves all of a file.
FAST = $(BIN)/python -m pytest -m "not e2e" --numprocesses auto
REAL = $(BIN)/python -m pytest -m e2e --numprocesses 3 --dist loadfile --no-loadscope-reorder

# A virtual environment knows its folder by its full name: in a folder that was moved or copied it is made anew.
MADE_IN := $(shell cat .venv/.installed 2>/dev/null)
ifneq ($(or $(MADE_IN),$(CURDIR)),$(CURDIR))
$(shell rm -rf .venv)
endif

help:
	@echo "make run    start the hotline (first time: fetches what it needs)"
	@echo "make test   all tests, real calls included"
	@echo "make check  lint, types, fast tests: under two minutes"

$(VENV)/.installed: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kommutator needs Python 3.11 or newer; set PYTHON=python3.11")'
	@echo "Setting up Python's libraries (about a minute, once) …"
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian and Ubuntu install the package python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $@

setup: $(VENV)/.installed

run: setup
	@exec $(BIN)/ivr run

test: setup
	@$(BIN)/ivr setup --tests
	@$(FAST)
	@$(REAL)

check: setup lint types fast

lint: setup
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports --no-logo

types: setup
	@$(BIN)/mypy --no-error-summary

fast: setup
	@$(FAST)

lock:
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
