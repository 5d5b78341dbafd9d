# Every target runs inside .venv, which the first one that needs it makes.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/.ready
# Bytecode is compiled when it is first used: all of it at once would take half of the time.
# The versions that the tests have passed with.
LOCK := constraints/newest.txt
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-compile -c $(LOCK)
export MPLBACKEND := Agg

.DEFAULT_GOAL := help
.SECONDARY:
LOWEST := .venv-lowest
COMMA := ,
LOWEST_TESTS ?= tests
SEED ?= $(shell date +%s)
.PHONY: help run etl train predict evaluate forecast figures page docs lint lock test test-quick test-engines test-lowest fuzz faults bench notebooks wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "matchmodel needs Python 3.11 or newer; say make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

# One mark an extra, .venv/.ready-train and so on: a target installs what it needs and no more.
$(READY)-%: pyproject.toml $(LOCK) | $(PY)
	$(PIP) -e '.[$*]'
	$(PY) -m compileall -q src
	@touch $@

$(READY): pyproject.toml $(LOCK) | $(PY)
	$(PIP) -e .
	$(PY) -m compileall -q src
	@touch $(READY)

run: $(READY)-train ## from nothing to the odds of the README's example applicant
	$(PY) -m matchmodel etl
	$(PY) -m matchmodel train
	@echo
	@$(MAKE) --no-print-directory predict

etl: $(READY)-train ## read data/raw, refuse tables with problems, write data/processed
	$(PY) -m matchmodel etl

train: etl ## fit the model to data/processed, write models/match-YEAR.json
	$(PY) -m matchmodel train

predict: $(READY) ## the odds of the README's example applicant
	@$(PY) -m matchmodel predict --specialty 'Internal Medicine' --applicant-type non-us-img --step2 250 \
	  --step1-attempts 1 --step2-attempts 1 --yog 2024 --usce 4 --visa yes

evaluate: $(READY)-plots etl ## compare the model with what it was not fitted to, write reports/ and MODEL_CARD.md
	$(PY) -m matchmodel evaluate

forecast: etl ## write the next report's rates to reports/forecast-YEAR.json, once: never over a file
	$(PY) -m matchmodel forecast

figures: $(READY)-test $(READY)-notebooks ## write the outputs and figures of README, CHANGELOG and docs anew
	$(PY) -m tests.documents

page: $(READY) ## write the page for applicants, site/index.html; make docs builds what it links to
	$(PY) -m matchmodel page --out site/index.html --docs docs/index.html

docs: $(READY) $(READY)-docs ## build the documentation as a site, into site/docs/
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

test: $(READY)-test $(READY)-notebooks ## run all tests, but those of make test-engines
	$(PY) -m compileall -q src
	$(PY) -m pytest -q -n auto --dist worksteal

test-quick: $(READY)-test $(READY)-notebooks ## run the tests that take no more than a few seconds each
	$(PY) -m pytest -q -n auto --dist worksteal -m 'not slow'

# In an environment of their own: pandera imports Spark wherever it is installed, and pandas changes with pyarrow.
test-engines: ## run the tests of Dask, Parquet and, where there is a Java, Spark, in .venv-engines
	$(PYTHON) -m venv .venv-engines
	.venv-engines/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) \
	  -e '.[test,dask,parquet$(if $(shell command -v java),$(COMMA)spark)]'
	.venv-engines/bin/python -m pytest -q tests/batch/test_past_one_machine.py tests/batch/test_parquet.py

lint: $(READY)-all $(READY)-lint ## check the code: ruff, its format, mypy, which part may import which; known vulnerabilities
	$(PY) -m ruff check src tests benchmarks
	$(PY) -m ruff format --check src tests benchmarks
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m tests.supply.audit

lock: ## pin the newest versions of all that the extras bring, in constraints/; then make test figures
	rm -rf .venv-lock
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check -e '.[all]'
	.venv-lock/bin/python -m tests.supply.packages
	rm -rf .venv-lock

test-lowest: ## run the tests with the lowest versions allowed, in .venv-lowest
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints/lowest.txt -e '.[test,notebooks]'
	$(LOWEST)/bin/python -m matchmodel etl
	$(LOWEST)/bin/python -m pytest -q -n auto --dist worksteal $(LOWEST_TESTS)

fuzz: $(READY)-test $(READY)-notebooks ## some minutes of questions, tables and model files of every sort; make fuzz SEED=1 is one again
	$(PY) -m tests.strength.report --seconds 300 --seed $(SEED)
	$(PY) -m pytest -q -n auto -m hypothesis --hypothesis-profile fuzz --hypothesis-seed $(SEED)

faults: $(READY)-test $(READY)-notebooks ## try every kind of fault often, write reports/faults.md; half an hour
	$(PY) -m tests.strength.report

bench: $(READY)-plots etl ## measure speed on a quiet machine, write reports/benchmarks.json and its picture
	$(PY) benchmarks/start_up.py
	$(PY) benchmarks/tables.py
	$(PY) benchmarks/fitting.py
	$(PY) benchmarks/training.py
	$(PY) benchmarks/picture.py

notebooks: $(READY)-notebooks etl ## run the notebooks anew, in place
	$(PY) -m jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False notebooks/*.ipynb

wheel: $(READY) ## build the wheel, with the default model in it, into dist/
	$(PY) -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove what the other targets made (not the model, not the reports)
	rm -rf .venv $(LOWEST) .venv-engines .mypy_cache .ruff_cache .import_linter_cache dist build site .pytest_cache .hypothesis data/processed/*.csv data/processed/sources.json
