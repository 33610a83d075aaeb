# What a developer needs: `make run` to try it, `make test` and `make lint` before a commit.
# Nothing but Python (3.11 or newer), git and make has to be on the machine.

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
COMPILE := $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url \
	--custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help run test lint bench photographs format requirements

help:
	@echo "make run           run everything on this machine, with a demo; PORT=8000 SANDBOX_PORT=8900"
	@echo "make test          all tests, on PostgreSQL and the publishing ones on SQLite too"
	@echo "make lint          ruff and mypy"
	@echo "make bench         figures of real processes, in ten minutes; FIGURES=\"idle memory\" for some"
	@echo "make photographs   every page at three widths in both themes, into screenshots/"
	@echo "make format        let ruff format the code"
	@echo "make requirements  pin the dependencies of pyproject.toml anew"

run: $(VENV)/.run
	@$(BIN)/python manage.py run

# The run on PostgreSQL, which has every test, comes last: its summary is what remains to be read.
# Who is done takes work from who is not: the slow ones, with whole processes, stand side by side.
test: $(VENV)/.dev
	TEST_DATABASE=sqlite $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q -m sqlite_too
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

bench: $(VENV)/.dev
	@$(BIN)/python -m bench $(FIGURES)

photographs: $(VENV)/.dev
	@$(BIN)/python -m scheduler.tests.browser.photographs

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: $(VENV)/.made
	@$(PIP) install uv
	$(COMPILE) $(UPGRADE) -o requirements.txt pyproject.toml
	$(COMPILE) $(UPGRADE) -o requirements-dev.txt --extra dev pyproject.toml

# The environment. A stamp says what is in it, so that a second run starts at once.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer. $(PYTHON) says: $$($(PYTHON) --version 2>&1)"; \
		echo "If there is a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's own venv module is missing. On Debian and Ubuntu: apt install python3-venv"; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.made
	@echo "Installing what is needed to run, once. This takes a minute."
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.made
	@echo "Installing what is needed to develop and test, once. This takes a few minutes."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run
