# `make demo` shows the tool on a real Open WebUI; `make test` runs every check. Both set up all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo demo-stop test check schemas bench clean

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "owui-sync needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY)
	@sh examples/demo.sh $(BIN)/owui-sync

demo-stop:
	@$(BIN)/owui-sync sandbox down --name demo

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/python -m pytest

schemas: $(READY)
	$(BIN)/python -m owui_sync.manifest.schema schemas
	$(BIN)/python -m owui_sync.report.schema schemas

bench: $(READY)
	$(BIN)/python -m pytest tests/bench --run-bench -s

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
