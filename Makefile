# Every target runs inside .venv, which the first one that needs it makes.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/.ready
DOCS_READY := .venv/.docs-ready
export MPLBACKEND := Agg

.DEFAULT_GOAL := help
.PHONY: help run etl train predict evaluate forecast figures docs test test-quick bench notebooks wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "matchmodel needs Python 3.11 or newer; say make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[test,notebooks]'
	$(PY) -m compileall -q src
	@touch $(READY)

run: $(READY) ## from nothing to the odds of the README's example applicant
	$(PY) -m matchmodel etl
	$(PY) -m matchmodel train
	@echo
	@$(MAKE) --no-print-directory predict

etl: $(READY) ## read data/raw, refuse tables with problems, write data/processed
	$(PY) -m matchmodel etl

train: etl ## fit the model to data/processed, write models/match-YEAR.json
	$(PY) -m matchmodel train

predict: $(READY) ## the odds of the README's example applicant
	@$(PY) -m matchmodel predict --specialty 'Internal Medicine' --applicant-type non-us-img --step2 250 \
	  --step1-attempts 1 --step2-attempts 1 --yog 2024 --usce 4 --visa yes

evaluate: etl ## compare the model with what it was not fitted to, write reports/ and MODEL_CARD.md
	$(PY) -m matchmodel evaluate

forecast: etl ## write the next report's rates to reports/forecast-YEAR.json, once: never over a file
	$(PY) -m matchmodel forecast

figures: $(READY) ## write the outputs and figures of README, CHANGELOG and docs anew
	$(PY) -m tests.documents

# The site's tools are an extra of their own: only this target needs them.
$(DOCS_READY): $(READY)
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $(DOCS_READY)

docs: $(DOCS_READY) ## build the documentation as a site, into site/
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

test: $(READY) ## run all tests
	$(PY) -m compileall -q src
	$(PY) -m pytest -q -n auto --dist worksteal

test-quick: $(READY) ## run the tests that take no more than a few seconds each
	$(PY) -m pytest -q -n auto --dist worksteal -m 'not slow'

bench: $(READY) ## how long an answer takes beside importing numpy; on a quiet machine
	$(PY) benchmarks/start_up.py

notebooks: etl ## run the notebooks anew, in place
	$(PY) -m jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False notebooks/*.ipynb

wheel: $(READY) ## build the wheel, with the default model in it, into dist/
	$(PY) -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove what the other targets made (not the model, not the reports)
	rm -rf .venv dist build site .pytest_cache .hypothesis data/processed/*.csv data/processed/sources.json
