# Crossdock's commands; `make` lists them. A fresh machine needs Python 3.11 or newer and make, nothing else.
#
#   make run PORT=8600               another port
#   make run PYTHON=python3.13       another Python (3.11, 3.12 and 3.13 are supported)
#   make run CROSSDOCK_HOME=/data    companies kept somewhere else
#   make demo MATURITY=mature        another demo company: immature, middling or mature

.DEFAULT_GOAL := help
.SILENT:
.PHONY: help run demo test check browser requirements

PORT ?= 8501
WORKERS ?= 2
MATURITY ?=
COMPANY ?= $(or $(MATURITY),demo)

# The first of these that runs and is new enough: version managers leave names behind that exist and do not run.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)
PY := .venv/bin/python

# The matrices here are small: threads of OpenBLAS cost more than they bring, most of all beside DuckDB's own.
export OPENBLAS_NUM_THREADS ?= 1

help: ## this list
	sed -nE 's/^([a-z]+):.*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: .venv/.warm demo ## set up, grow the demo company if there is none, open the app (PORT=8501)
	echo "Opening Crossdock at http://127.0.0.1:$(PORT) (Ctrl+C ends it)."
	echo "This is demo mode: nobody is asked for a password, and only this machine can open it."
	exec env CROSSDOCK_MODE=demo .venv/bin/streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

demo: .venv/.warm ## grow the demo company if there is none, and refresh it if code or loads have changed
	home=$${CROSSDOCK_HOME:-data/companies}; \
	if [ ! -f "$$home/$(COMPANY)/current" ]; then \
		echo "Growing the demo company in $$home/$(COMPANY): once, about two minutes."; \
		$(PY) -m pipelines demo --company $(COMPANY) $(if $(MATURITY),--maturity $(MATURITY)) --land-only \
		&& $(PY) -m decisions lived --company $(COMPANY) && $(PY) -m pipelines month-ends --company $(COMPANY) \
		&& $(PY) -m decisions close --company $(COMPANY) && $(PY) -m pipelines refresh --company $(COMPANY) \
		&& $(PY) -m decisions settle --company $(COMPANY) $(if $(MATURITY),&& $(PY) -m pipelines refresh --company $(COMPANY)); \
	else \
		$(PY) -m pipelines refresh --company $(COMPANY); \
	fi

# A file stays with one worker, so that what its tests share is made once.
test: .venv/.ready-for-tests .venv/.warm ## set up and run every test that needs no browser
	echo "Running the tests that need no browser, $(WORKERS) at a time."
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --ignore tests/browser tests

check: .venv/.ready-for-tests ## form, defects, types and import directions
	echo "ruff format: is every file in one form? (.venv/bin/ruff format . puts it right)"
	.venv/bin/ruff format --check .
	echo "ruff check: defects and habits"
	.venv/bin/ruff check .
	echo "mypy: types"
	.venv/bin/mypy
	echo "import-linter: who may import whom"
	PYTHONPATH=. .venv/bin/lint-imports --no-cache --no-logo

browser: .venv/.ready-for-tests .venv/.warm ## walk through the app in a real Chromium
	$(PY) -m tests.browser.chromium
	echo "Walking through the app in Chromium, $(WORKERS) at a time."
	$(PY) -m pytest -n $(WORKERS) tests/browser

requirements: ## pin anew what requirements.in and requirements-dev.in ask for (needs uv)
	command -v uv >/dev/null || { echo "This needs uv: python3 -m pip install uv"; exit 1; }
	for name in requirements requirements-dev; do \
		uv pip compile --quiet --no-header --python-version 3.11 --upgrade \
			$$name.in --output-file $$name.txt >/dev/null || exit 1; \
		echo "$$name.txt pins $$(grep -c == $$name.txt) packages."; \
	done

# ── set-up, done once, and again only when the pins change ───────────────────────────────────────────────────────────

.venv/bin/python:
	test -n "$(PYTHON)" || { echo "Crossdock needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv"; exit 1; }
	echo "Making the environment .venv with $$($(PYTHON) --version)."
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.ready: requirements.txt | .venv/bin/python
	$(call install,$<)
	touch $@

.venv/.ready-for-tests: requirements-dev.txt .venv/.ready
	$(call install,$<)
	touch $@

# The kernels of the models are compiled here once, and again when a model changes, instead of in the first refresh.
.venv/.warm: $(wildcard models/*.py models/*/*.py) | .venv/.ready
	echo "Compiling the models."
	$(PY) -m pipelines.warm
	touch $@

# uv does not byte-compile unless it is asked to, and without it the first page takes twice as long.
define install
	echo "Installing the $$(grep -c == $(1)) packages that $(1) pins."; began=$$(date +%s); \
	if command -v uv >/dev/null; then \
		uv pip install --python $(PY) --compile-bytecode --requirement $(1) || exit 1; \
	else \
		$(PY) -m pip install --disable-pip-version-check --requirement $(1) || exit 1; \
	fi; \
	echo "Installed in $$(( $$(date +%s) - began )) s; .venv now holds $$(du -sh .venv | cut -f1)."
endef
