# `make demo` shows the tool on a real Open WebUI, `make test` runs every check on the newest version, `make
# test-versions` the live suite on all five (`make -j2 -O test-versions`: two of them at a time). All set up what they
# need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

VERSIONS := 0.6.43 0.8.12 0.10.2 0.11.4 0.12.4

.PHONY: demo demo-stop test test-versions check schemas client bench clean

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

test-versions: $(VERSIONS:%=test-version-%)

test-version-%: $(READY)
	$(BIN)/python -m pytest tests/versions -q --owui-version $* $(OPTIONS)

schemas: $(READY)
	$(BIN)/python -m owui_sync.manifest.schema schemas
	$(BIN)/python -m owui_sync.report.schema schemas

client: $(READY)
	$(BIN)/python -m owui_sync.client.derive

bench: $(READY)
	$(BIN)/python -m tests.bench.start
	$(BIN)/python -m tests.bench.reconcile
	$(BIN)/python -m tests.bench.chats
	$(BIN)/python -m tests.bench.knowledge

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
