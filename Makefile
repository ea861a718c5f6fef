# Panelik. `make demo` tries it, `make test` tests it; both need only Python 3.11+, git and make.

PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
READY := .venv/.installed

.PHONY: help demo tour run test test-slow lint gallery bench soak mutants messages clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Try it: the real bot against a local sandbox with a chat page (PORT=…, FOLDER=…, PANEL=…)
	@$(BIN)/panelik demo $(if $(PORT),--port $(PORT)) $(if $(FOLDER),--folder "$(FOLDER)") $(if $(PANEL),--panel $(PANEL))

tour: $(READY) ## Watch a scripted conversation as a transcript
	@$(BIN)/panelik tour

run: $(READY) ## Run the bot with the settings of the environment or .env
	@$(BIN)/panelik run

test: $(READY) ## Run the tests, but for those that take seconds by their nature
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m 'not slow and not soak'

test-slow: $(READY) ## Run the tests that take seconds: trials, walkers, both stores, a browser
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m 'slow and not soak'

lint: $(READY) ## Check style, types, layers and translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m locales.tool check

gallery: $(READY) ## Write a page with every screen in every language
	@$(BIN)/python -m tests.gallery

bench: $(READY) ## Run every benchmark; `python -m tests.benchmarks NAME` runs one of them
	@$(BIN)/python -m tests.benchmarks

soak: $(READY) ## Run the trials and random walks at full size (hours)
	@$(BIN)/pytest -m soak --timeout 3600

mutants: $(READY) ## Change billing in small ways and see whether a test notices (minutes)
	@$(BIN)/python -m tests.mutants

messages: $(READY) ## Collect new messages into the catalogues
	@$(BIN)/python -m locales.tool update

clean: ## Remove caches and build output; keeps .venv and the data in var/
	@rm -rf build dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	  "Panelik needs Python 3.11 or newer. Name it like this: make PYTHON=python3.12")'
	@test -x $(BIN)/pip || { echo "Creating the environment in .venv"; $(PYTHON) -m venv --clear .venv; }
	@echo "Installing the pinned dependencies (the first time takes about a minute)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
	@echo "The environment is ready"
