# Needs Python >= 3.11 (with venv) and make; everything else is installed into .venv from the hashed locks.
VENV := .venv
BIN := $(VENV)/bin
# --no-deps: the locks are complete, and pip need not (and older ones cannot) resolve them again.
INSTALL := $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps
SOURCES ?= seeds
# Files of tests at a time: more servers and browsers at once want a large machine.
JOBS ?= 2

export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-slow fuzz lint format golden bench bench-collages bench-quotes bench-quality pictures bench-growth \
        bench-clusters bench-ingest bench-kills bench-publish schema bench-warehouse bench-lake bench-landing train lock clean

help:
	@echo 'make run        build .venv and ingest $(SOURCES)/ into pullquote.duckdb'
	@echo 'make test       install the test extras and run every test but the slow ones'
	@echo 'make test-slow  the slow tests'
	@echo 'make fuzz       the properties with new random examples'
	@echo 'make lint       ruff, mypy --strict, import contracts'
	@echo 'make format     let ruff format and fix'
	@echo 'make golden     rewrite the expected results; review the diff'
	@echo 'make bench      time the extraction of the seeds; with PAGES=… beside other tools'
	@echo 'make train      fit the classifiers: PAGES=labelled.parquet OUT=folder'
	@echo 'make lock       resolve both locks again (needs uv)'
	@echo 'make clean      remove .venv and caches; warehouse and reports stay'

run: $(VENV)/.ready
	@$(BIN)/pullquote ingest $(SOURCES)

test: $(VENV)/.ready-test
	$(BIN)/python -m pytest -m 'not slow' -n $(JOBS) --dist loadfile --cov --cov-report=term $(ARGS)

test-slow: $(VENV)/.ready-test
	$(BIN)/python -m pytest -m slow $(ARGS)

# make fuzz [ARGS=tests/property]                 the properties with new random examples
fuzz: $(VENV)/.ready-test
	$(BIN)/python -m pytest -m 'not slow' --hypothesis-profile fuzz $(or $(ARGS),tests/property)
	$(BIN)/python -m tests.fuzzing archives 120
	$(BIN)/python -m tests.fuzzing pages 120

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(VENV)/.ready-test
	$(BIN)/python -m pytest tests/golden --golden

# make bench                                      the speed on the seeds
# make bench PAGES=pages.parquet [MODELS=folder]  accuracy and speed beside other tools
bench: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks $(PAGES) $(if $(MODELS),--models $(MODELS)) $(if $(LIMIT),--limit $(LIMIT))

# make bench-collages PAGES=… MODELS=folder      pages that hold several articles
bench-collages: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.collages $(PAGES) $(MODELS)

# make pictures                                   the pictures in docs/pictures
pictures: $(VENV)/.ready-test
	$(BIN)/python -m tests.browser.screenshots docs/pictures seeds/000_34f7e6e994de7c59.txt

# make bench-quality                              the checks on 100,000 quotes
bench-quality: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.quality

# make bench-quotes PAGES=…                       quotes, speakers and confidence against answers made by hand
bench-quotes: $(VENV)/.ready-test
	@test -n "$(PAGES)" || { echo 'usage: make bench-quotes PAGES=folder with pages.jsonl and quotes.jsonl' >&2; exit 2; }
	$(BIN)/python -m tests.benchmarks.attributions $(PAGES)

# make bench-growth                               how cost grows with the size of a page
bench-growth: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.growth

# make bench-clusters [SIZES='10000 100000']      a batch of quotes into warehouses of growing size
bench-clusters: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.clusters $(SIZES)

# make bench-kills                                SIGKILL at 200 random moments; 20 readers during 50 ingests
bench-kills: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.kills

# make bench-publish                              the cost of publishing against the size of the warehouse
bench-publish: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.publish

# make bench-ingest [PAGES=…] [SIZES=1000,10000] [WORKERS=1,2] [OTHERS=1000] [DATATROVE=python]   WARC to published warehouse
bench-ingest: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.ingest $(PAGES) $(if $(SIZES),--sizes $(SIZES)) $(if $(WORKERS),--workers $(WORKERS)) \
	  $(if $(OTHERS),--others $(OTHERS)) $(if $(DATATROVE),--datatrove $(DATATROVE))

# make schema                                     write docs/schema.md anew
schema: $(VENV)/.ready
	$(BIN)/pullquote warehouse schema > docs/schema.md

# make bench-warehouse SIZES=10000,100000         loading, indexing, publishing, asking and searching so many quotes
bench-warehouse: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.warehouse $(SIZES)

# make bench-lake                                  what one publisher takes, into a file and into a lake
bench-lake: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.lake

# make bench-landing WHAT='watch 20'              seconds from a rename to a row; or WHAT='serve 20'
# make bench-landing WHAT='steady watch'          50 pages a second for two minutes; kills watch, kills serve, posts
bench-landing: $(VENV)/.ready-test
	$(BIN)/python -m tests.benchmarks.$(if $(filter watch serve,$(firstword $(WHAT))),latency,landing) $(WHAT)

# make train PAGES=pages.parquet OUT=folder       fit the classifiers, for use and for each fold without its domains
train: $(VENV)/.ready
	@test -n "$(PAGES)" -a -n "$(OUT)" || { echo 'usage: make train PAGES=pages.parquet OUT=folder' >&2; exit 2; }
	$(BIN)/python -m flows.training.train $(PAGES) $(OUT)

UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header
lock:
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: python3 -m pip install uv' >&2; exit 1; }
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --group test --group bench -c requirements.lock -o requirements-test.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

# A stamp stands for "installed as this file says": each is made anew when its file is newer, and only then.
$(VENV)/.created:
	@python=; \
	for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
	    >/dev/null 2>&1; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'pullquote needs Python 3.11 to 3.14 with venv (Debian: apt-get install python3-venv).' >&2; \
	  echo 'None was found; if it has another name: make run PYTHON=/path/to/python' >&2; exit 1; \
	fi; \
	echo "building $(VENV) with $$($$python --version)"; \
	"$$python" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.locked: requirements.lock $(VENV)/.created
	@echo 'installing the locked packages (once; takes a minute or two)'
	@$(INSTALL) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.ready: pyproject.toml $(VENV)/.locked
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: requirements-test.lock | $(VENV)/.ready
	@echo 'installing the test extras'
	@$(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@
