# The targets, with one line each: `make help`. Every target sets up what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest
# Each worker starts a server of its own, and a file's tests stay together for the fixtures that they share. Tests wait
# a third of their time, so two cores serve three workers. The files keep their order: by itself xdist runs those with few
# tests last, and one of them may take longest.
WORKERS ?= 3
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

NEWEST := 0.12.4
OLDER := 0.6.43 0.8.12 0.10.2 0.11.4
# One of each further minor version; CI leaves them out for time.
BETWEEN := 0.7.2 0.9.6
PYTHONS := 3.11 3.12 3.13
# The path of a Python of that version, or nothing. pyenv's commands only work for versions that are chosen so.
python_of = $(shell PYENV_VERSION=$(1) $(BIN)/uv python find --no-python-downloads --no-project $(1) 2>/dev/null)

OWN_PYTHON = $(shell $(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')

.DEFAULT_GOAL := help
.PHONY: help demo demo-stop check test test-unit test-slow test-versions test-older test-between test-clones \
	test-oldest test-newest test-pythons test-faults test-postgresql reference upgrades postgresql pythons \
	golden constraints schemas client bench clean lock dist dist-test docs screenshots \
	editor-test hooks-test image-test chart-test actions-test pipelines-test

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# pip only brings uv, which is faster and can hold what builds the package as well.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "owui-sync needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@$(call install,$(VENV),--constraint constraints.txt --editable '.[dev]')
	@touch $@

install = $(BIN)/uv pip install --quiet --python $(1)/bin/python --build-constraint constraints.txt $(2)

demo: $(READY)  ## Show the tool on a real Open WebUI
	@sh examples/demo.sh $(BIN)/owui-sync

demo-stop:  ## Stop the server of the demo
	@$(BIN)/owui-sync sandbox down --name demo

check: $(READY)  ## Lint, formatting, types and import walls
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## Every check on Open WebUI 0.12.4; COVERAGE=1 runs test-slow as well, and gates coverage
	$(PYTEST) $(PARALLEL) $(if $(COVERAGE),--cov --cov-report=,-m "not slow")

test-slow: $(READY)  ## Clones, fleets, upgrades, tests of manifests and rehearsals, with servers of their own
	$(PYTEST) $(PARALLEL) -m slow

test-unit: $(READY)  ## The tests that need no server and are not slow; about a minute
	$(PYTEST) $(PARALLEL) -m "not server and not slow"

test-versions: test-older test-between test-version-$(NEWEST)  ## tests/versions on all seven versions of Open WebUI; -j2 for two at a time

test-older: $(OLDER:%=test-version-%)  ## tests/versions on four older ones, as CI does

test-between: $(BETWEEN:%=test-version-%)  ## tests/versions on 0.7.2 and 0.9.6

test-version-%: $(READY)
	$(PYTEST) tests/versions -q --owui-version $* $(OPTIONS)

test-clones: $(OLDER:%=test-clone-%) test-clone-$(NEWEST)  ## A copy of a server with odd values, of each version, compared row by row

test-clone-%: $(READY)
	$(PYTEST) tests/outside/clones -q -s --owui-version $* $(OPTIONS)

test-oldest: $(READY)  ## The whole suite with the lowest versions of the package's dependencies
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-oldest
	@$(BIN)/uv pip compile --quiet --no-header --no-annotate --python .venv-oldest/bin/python \
		--resolution lowest-direct pyproject.toml --output-file .venv-oldest/lowest.txt
	@sed 's/^/^/; s/==.*/==/' .venv-oldest/lowest.txt | grep -v -f - constraints.txt > .venv-oldest/tools.txt
	@$(call install,.venv-oldest,--requirements .venv-oldest/lowest.txt --constraint .venv-oldest/tools.txt --editable '.[test]')
	.venv-oldest/bin/python -m pytest $(PARALLEL) $(OPTIONS)

test-newest: $(READY)  ## The whole suite with the newest versions of everything
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-newest
	@$(BIN)/uv pip install --quiet --python .venv-newest/bin/python --upgrade --editable '.[test]'
	.venv-newest/bin/python -m pytest $(PARALLEL) $(OPTIONS)

test-faults: postgresql test-faults-sqlite test-faults-postgresql  ## Every fault at every request, on SQLite and PostgreSQL; takes hours

test-faults-%: $(READY)
	$(PYTEST) tests/faults -q -s --faults all --database $* $(OPTIONS)

test-postgresql: postgresql  ## A sandbox on PostgreSQL with several workers; needs the package postgresql
	$(PYTEST) -q tests/outside/postgresql

postgresql: $(READY)
	@$(BIN)/python -m tests.support.postgres

test-pythons: $(PYTHONS:%=test-python-%)  ## The tests that need no server on Python 3.11, 3.12 and 3.13

test-python-%: $(READY)
	@test -n "$(call python_of,$*)" || { echo "there is no Python $* on this machine" >&2; exit 1; }
	@echo "Python $*: $(call python_of,$*)"
	@$(BIN)/uv venv --quiet --clear --python $(call python_of,$*) .venv-$*
	@$(call install,.venv-$*,--constraint constraints.txt --editable '.[test]')
	.venv-$*/bin/python -m pytest $(PARALLEL) -q -m "not server"

pythons: $(READY)  ## Print those of Python 3.11, 3.12 and 3.13 that are on this machine, without that of .venv
	@echo $(foreach version,$(filter-out $(OWN_PYTHON),$(PYTHONS)),$(if $(call python_of,$(version)),$(version)))

# What the tests of tests/outside drive and nobody else needs.
.node/.ready: tests/outside/package.json
	@npm --version > /dev/null 2>&1 || { echo "npm is missing: install Node.js (Debian: apt install npm)" >&2; exit 1; }
	@mkdir -p .node && cp $< .node/
	@npm install --prefix .node --no-package-lock --no-audit --no-fund --silent
	@touch $@

# An environment of its own: the builder needs nothing of ours.
.venv-docs/.ready: $(READY) pyproject.toml
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-docs
	@$(call install,.venv-docs,--constraint constraints.txt '.[docs]')
	@touch $@

docs: .venv-docs/.ready  ## Build the site of docs/ into build/site/; a broken link or anchor ends it
	@$(BIN)/python -m tests.support.site build/docs
	@cd build/docs && $(CURDIR)/.venv-docs/bin/zensical build --strict -f mkdocs.yml
	@rm -rf build/site && mv build/docs/site build/site

screenshots: $(READY)  ## Draw docs/images/ again; the picture of the page needs chromium
	@$(BIN)/python -m tests.support.screenshots

editor-test: $(READY) .node/.ready  ## What editors show for manifests, with real language servers; needs npm
	$(PYTEST) -q tests/outside/editor

# A second environment: nobody else needs what these tests drive.
.venv-outside/.ready: $(READY) tests/outside/requirements.txt
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-outside
	@$(call install,.venv-outside,--constraint constraints.txt --editable '.[test]' --requirements tests/outside/requirements.txt)
	@touch $@

hooks-test: .venv-outside/.ready  ## The hooks for pre-commit and prek, installed as a project does
	.venv-outside/bin/python -m pytest -q tests/outside/hooks

# Pinned, and run once from environments of their own.
SHIV := shiv==1.0.8
CYCLONEDX := cyclonedx-bom==7.5.0
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' src/owui_sync/__init__.py)
PLATFORM = $(shell $(BIN)/python -c 'import sys, sysconfig as s; print("py%d%d-%s" % (*sys.version_info[:2], s.get_platform()))')

lock: $(READY)  ## Write requirements.lock again, with the versions of constraints.txt and their hashes
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--constraint constraints.txt pyproject.toml --output-file requirements.lock

dist: $(READY)  ## Wheel, sdist, zipapp, bill of materials and checksums in dist/
	@rm -rf dist build/dist
	@$(BIN)/uv build --quiet --build-constraint constraints.txt --out-dir dist
	@$(BIN)/uv venv --quiet --python $(BIN)/python build/dist
	@$(BIN)/uv pip install --quiet --python build/dist/bin/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python build/dist/bin/python --no-deps --no-index dist/*.whl
	@$(BIN)/uv tool run --quiet --from '$(SHIV)' shiv --reproducible --python '/usr/bin/env python3' --console-script owui-sync \
		--site-packages "$$(build/dist/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
		--output-file dist/owui-sync-$(VERSION)-$(PLATFORM).pyz > /dev/null
	@$(BIN)/uv tool run --quiet --from '$(CYCLONEDX)' cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
		--output-format JSON --output-file dist/owui-sync-$(VERSION).cdx.json build/dist/bin/python
	@cp requirements.lock dist/
	@cd dist && sha256sum owui* requirements.lock > SHA256SUMS && cat SHA256SUMS

dist-test: dist $(PYTHONS:%=dist-test-%)  ## Install the files of dist/ on Python 3.11, 3.12 and 3.13, and try them

dist-test-%: $(READY)
	@test -n "$(call python_of,$*)" || { echo "there is no Python $* on this machine" >&2; exit 1; }
	DIST_PYTHON=$(call python_of,$*) $(PYTEST) -q tests/outside/release

# BASE: an image, or a file NAME.tar with a root file system that has python3-venv.
image-test: dist  ## Build the image with buildah and try it on a real server; BASE=... for another base image
	@command -v buildah > /dev/null || { echo "buildah is missing: install the package buildah" >&2; exit 1; }
	BASE=$(BASE) $(PYTEST) -q tests/outside/image

chart-test: .venv-outside/.ready  ## The Helm chart, rendered by Helm and checked against Kubernetes
	.venv-outside/bin/python -m pytest -q tests/outside/chart

actions-test: .venv-outside/.ready  ## The workflow of init and the action, run by act on a real server and a fake GitHub
	.venv-outside/bin/python -m pytest -q tests/outside/actions

pipelines-test: .venv-outside/.ready .node/.ready  ## The component for GitLab and the examples for Jenkins, Azure and fleets; needs npm
	.venv-outside/bin/python -m pytest -q tests/outside/pipelines

golden: $(READY)  ## Write what people are shown to tests/golden again; look at the difference before you commit it
	$(PYTEST) -q -m "not server" --snapshot-update

constraints: $(READY)  ## Take the newest versions of all that development needs into constraints.txt
	echo hatchling | $(BIN)/uv pip compile --quiet --upgrade --no-header --no-annotate --python-version 3.11 \
		--extra dev pyproject.toml - --output-file constraints.txt

schemas: $(READY)  ## Write schemas/ again
	$(BIN)/python -m owui_sync.manifest.schema.build schemas
	$(BIN)/python -m owui_sync.report.schema schemas
	$(BIN)/python -m owui_sync.fleet.schema schemas

upgrades: $(READY)  ## Rehearse every upgrade and write docs/reference/upgrades.md again
	$(BIN)/python -m tests.support.upgrades

reference: $(READY)  ## Write docs/reference again
	$(BIN)/python -m tests.support.reference

client: $(READY)  ## Derive the synchronous client from the asynchronous one
	$(BIN)/python -m owui_sync.client.derive

bench: $(READY)  ## Measure start, plan, chats, knowledge bases and fleets
	$(BIN)/python -m tests.bench.start
	$(BIN)/python -m tests.bench.reconcile
	$(BIN)/python -m tests.bench.chats
	$(BIN)/python -m tests.bench.knowledge
	$(BIN)/python -m tests.bench.growth 10 100 1000 --compare 100

clean:  ## Remove what these targets made
	rm -rf .venv .venv-* .node build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
