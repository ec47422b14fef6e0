# Two commands on a fresh machine: `make serve` and `make test`. Each installs what it needs, once.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: serve test lint export bench shots clean

# From make's own command line only: shells export a HOST that is no address. The environment has MOMENTUM_HOST for it.
HOST =
ENGINE =

serve: $(VENV)/.installed
	@exec $(BIN)/python -m app serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(ENGINE),--engine $(ENGINE)) $(if $(ORIGIN),--origin $(ORIGIN))

test: $(VENV)/.tested lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell app components simulation tests assets README.md Makefile

export: $(VENV)/.installed
	$(BIN)/python -m app export --out $(or $(OUT),build/site) $(if $(FIGURE),--figure $(FIGURE)) $(if $(SINGLE),--single-file)

bench: $(VENV)/.tested
	$(BIN)/python -m tests.bench

shots: $(VENV)/.tested
	$(BIN)/python -m tests.ui.shots $(or $(OUT),build/shots)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/bin/python pyproject.toml tests/browser.sh
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	sh tests/browser.sh $(BIN)
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build *.egg-info
