# PYTHON=python3.12 chooses the Python of a new .venv; ARGS goes to pytest, mutants or light.
PYTHON ?= python3
ARGS ?=
# All tests: three processes on two cores, as a browser often waits. What a file of tests shares, such
# as a window with Python in it, is made once, as a file stays in one process; their order:
# tests/conftest.py. With ARGS, one process.
ALL := --numprocesses 3 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
READY := .venv/.ready
# What pages show: printed by their code, or counted for reference/checked.
PRINTED := tests/pages/test_snippets.py tests/pages/test_checked.py tests/package/test_properties.py \
  tests/package/test_oracle.py -k 'test_snippets or counted'

export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help runtime serve test outputs equations planted numbers site mutants bench light lint clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

runtime: $(READY) ## Fetch Python for the browser, for Run and Edit on the pages (27 MB, once)
	$(BIN)/python docs/runtime/fetch.py

# --livereload is MkDocs' default, which click 8.3.0 and 8.3.1 lose.
serve: $(READY) runtime ## Serve both languages with live reload
	$(BIN)/python -m mkdocs serve --livereload

test: $(READY) runtime ## Run every test; one of them: make test ARGS='-k digits'
	$(BIN)/python -m pytest $(or $(ARGS),$(ALL))

outputs: $(READY) ## Rewrite the output blocks of all pages, and what reference/checked counts
	$(BIN)/python -m pytest $(PRINTED) --write-outputs

equations: $(READY) ## List every equation: evaluated, where and how often, or exempt and why
	PYTHONPATH=tests:docs $(BIN)/python -m equations.report

planted: $(READY) ## Plant every mistake into every equation: each must be caught
	$(BIN)/python -m pytest tests/pages/test_equations_planted.py --all-planted

numbers: $(READY) ## List the numbers in running text that come from no computation
	PYTHONPATH=tests:docs $(BIN)/python -m prose.numbers

site: $(READY) runtime ## Build both languages into site/; a broken link fails
	$(BIN)/python -m mkdocs build --strict

mutants: $(READY) ## Spoil the package in all small ways; a test must fail each time
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[mutants]'
	$(BIN)/python tests/mutants/run.py $(ARGS)

bench: $(READY) ## Time a training step beside PyTorch, JAX and the bare matrix products
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python tests/bench.py

light: $(READY) runtime ## Measure pages with Lighthouse, as on a phone (needs Node, with npm)
	$(BIN)/python tests/light.py $(ARGS)

lint: $(READY) ## Check format, rules, types, workflows and metadata
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/python -m mypy
	$(BIN)/zizmor --offline --quiet .github/workflows
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

clean: ## Delete the built site and all caches (.venv stays)
	rm -rf site .cache .pytest_cache .ruff_cache .mypy_cache .mutants
	find docs src tests -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo '$(PYTHON) is not Python 3.11 or newer. Name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@echo 'Setting up .venv (a minute or two the first time)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs,test]'
	@touch $@
