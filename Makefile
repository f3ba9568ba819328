# Every target sets up what it needs in .venv; all it asks of the machine is Python 3.11 or later and make.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv

.PHONY: help serve test check lint types layers generate bundle bench reliability sbom audit build clean

help:  ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "stemgraph needs Python 3.11 or later; try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.runtime: pyproject.toml uv.lock | .venv/bin/uv
	@$(UV) sync --quiet --frozen --inexact --no-dev
	@touch $@

.venv/.development: pyproject.toml uv.lock | .venv/bin/uv
	@$(UV) sync --quiet --frozen --inexact
	@touch $@ .venv/.runtime

serve: .venv/.runtime  ## Serve the graph at http://127.0.0.1:8000 (HOST=, PORT=, DATA=)
	@$(BIN)/stemgraph serve --host $(HOST) --port $(PORT) $(if $(DATA),--data $(DATA))

test: .venv/.development  ## Run every test
	@$(BIN)/python -m pytest

check: lint types layers sbom audit test  ## Everything that CI checks

lint: .venv/.development  ## Linters: Python, the Dockerfile, the lock file, what is generated
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/hadolint Dockerfile
	@$(UV) lock --check --quiet
	@$(BIN)/python -m stemgraph.ontology.generate --check
	@$(BIN)/python -m stemgraph.app.reference --check

types: .venv/.development  ## Type checkers: mypy and pyright, both strict
	@$(BIN)/mypy
	@$(BIN)/pyright

sbom: .venv/.development  ## Write the bill of materials (CycloneDX) of what is locked to dist/sbom.cdx.json, and check it
	@$(BIN)/python .ci/sbom.py dist/sbom.cdx.json

audit: .venv/.development  ## Hold what is locked against known vulnerabilities; says so where no advisories can be had
	@$(BIN)/python .ci/audit.py

layers: .venv/.development  ## app -> graph -> ontology, never back
	@$(BIN)/lint-imports

generate: .venv/.development  ## Write what is generated: the schema's artifacts and the reference pages
	@$(BIN)/python -m stemgraph.ontology.generate
	@$(BIN)/python -m stemgraph.app.reference
	@$(BIN)/python -m stemgraph.app.examples

bundle: .venv/.development  ## Build the bundle that ships in the wheel, the page that counts it, and the examples of its answers
	@$(BIN)/stemgraph build
	@$(BIN)/python -m stemgraph.app.reference
	@$(BIN)/python -m stemgraph.app.examples

bench: .venv/.development  ## Print the benchmarks' figures
	@$(BIN)/python -m benchmarks

reliability: .venv/.development  ## Measure what is promised of reliability, in full (hours; QUICK=1 as CI does it; NAMES=fuzz)
	@$(BIN)/python -m benchmarks.reliability $(if $(QUICK),--quick) $(NAMES)

build: .venv/.development  ## Build the sdist and the wheel into dist/
	@$(BIN)/python -m build --installer uv

clean:  ## Remove the environment and everything built
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
