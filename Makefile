# Everything happens in a private virtual environment, .venv, made on first use and again when Python or the dependencies
# change.
# Needs Python 3.11 or newer, git and make. Another Python: make test PYTHON=python3.13

PYTHON ?= python3

venv := .venv
bin := $(venv)/bin
ready := $(venv)/.ready-$(subst /,-,$(PYTHON))

.DEFAULT_GOAL := help
.PHONY: help demo test lint format check bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

demo: $(ready) ## modernize a small legacy application in a scratch folder and show the branch
	@$(bin)/python scripts/demo.py

test: $(ready) ## run the tests
	$(bin)/pytest -n auto

lint: $(ready) ## ruff, mypy, import-linter
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports --no-logo

format: $(ready) ## format the code and mend what ruff can mend safely
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

check: lint test ## all that a change must pass

bench: $(ready) ## measure start-up, durability tax, memory and the speed of the rules; prints a table
	$(bin)/python benchmarks/run.py

clean: ## remove the virtual environment and caches
	rm -rf $(venv) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage

$(ready): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and $(PYTHON) is " + sys.version.split()[0] + "; name another with PYTHON=")'
	$(PYTHON) -m venv --clear $(venv)
	$(bin)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
