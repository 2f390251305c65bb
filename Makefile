# The executable documentation of this repository: `make` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := recommender digest scheduler paperround
CODE := $(PACKAGES) tests benchmarks scripts

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types contracts bench bench-delivery bench-ranking clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r name text; do \
		printf '  make %-13s %s\n' "$$name" "$$text"; done

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## From new papers to three digests, in ./demo
	$(BIN)/paperround demo

test: $(READY) ## Run all tests
	$(BIN)/pytest

check: $(READY) format lint types contracts test ## Everything that has to pass, as CI runs it

format: $(READY) ## Is the code formatted?
	$(BIN)/ruff format --check $(CODE)

lint: $(READY) ## Is the code clean?
	$(BIN)/ruff check $(CODE)

types: $(READY) ## Are the types right?
	$(BIN)/mypy

contracts: $(READY) ## Does every import point the right way?
	$(BIN)/lint-imports

bench: $(READY) ## Run the benchmarks of speed and print their tables
	$(BIN)/python -m benchmarks

bench-delivery: $(READY) ## Prove what delivery promises: kills, hosts, zones, throughput
	$(BIN)/python -m benchmarks.delivery

bench-ranking: $(READY) ## Measure what the ranking is worth, next to others
	$(BIN)/python -m benchmarks.ranking

clean: ## Remove what make has made
	rm -rf $(VENV) demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
