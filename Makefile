# `make` prints what there is to do. Every target sets up what it needs.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DESCANT_DATA ?= $(CURDIR)/var/data

.DEFAULT_GOAL := help

.PHONY: help
help: ## Print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.PHONY: run
run: install ## Install what is missing and start the service on 127.0.0.1:8000
	@exec $(BIN)/descant serve

.PHONY: test
test: develop ## Run every test
	$(BIN)/pytest -n 2 --dist loadfile

.PHONY: check
check: develop ## Format, lint, types, import rules, tests
	$(BIN)/ruff format --check src tests benchmarks training examples
	$(BIN)/ruff check src tests benchmarks training examples
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile

.PHONY: format
format: develop ## Reformat and mend what the linter can
	$(BIN)/ruff format src tests benchmarks training examples
	$(BIN)/ruff check --fix src tests benchmarks training examples

.PHONY: bench
bench: develop ## Measure the figures of the quality table and print them
	$(BIN)/python -m benchmarks

.PHONY: genres
genres: develop ## Write docs/genres.md: every style as its songs' notes show it
	$(BIN)/python -m benchmarks.genres > docs/genres.md

.PHONY: portraits
portraits: develop ## Make a short song in each of twelve genres and draw it, into var/portraits
	$(BIN)/python -m benchmarks.portraits var/portraits

.PHONY: timbre
timbre: develop ## Learn again how espeak-ng and Mei sound as our speakers do (about five CPU minutes)
	$(BIN)/python -m training.timbre
	$(BIN)/python -m training.mei

.PHONY: requirements
requirements: ## Pin the dependencies of pyproject.toml again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml -o requirements/runtime.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra dev pyproject.toml -o requirements/dev.txt

.PHONY: clean
clean: ## Remove the environment and caches (songs and keys in var/ stay)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

.PHONY: install develop
install: $(VENV)/.runtime
develop: $(VENV)/.develop

$(VENV)/.runtime: scripts/system-packages.sh requirements/runtime.txt requirements/models.txt pyproject.toml
	@scripts/system-packages.sh
	@scripts/environment.sh $(PYTHON) $(VENV) requirements/runtime.txt
	@touch $@

$(VENV)/.develop: $(VENV)/.runtime requirements/dev.txt requirements/voices.txt
	@scripts/system-packages.sh develop
	@scripts/environment.sh $(PYTHON) $(VENV) requirements/dev.txt
	@touch $@
