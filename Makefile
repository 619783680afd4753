# make setup, then run; check while you work, test before you hand in.
.PHONY: setup dev run rehearse check static test learn bench lock clean
.DEFAULT_GOAL := setup

PYTHON ?= python3
WORKERS ?= 2
BIN := .venv/bin
# Tests wait for the disk more than for anything else, so their databases stand in memory where there is room.
ROOMY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 {print $$4}')" -gt 4000000 ] && echo TMPDIR=/dev/shm)
# The lock is made from the public index alone: no folder of this machine and no second index may slip a hash in.
COMPILE := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --newline lf --build-deps-for editable \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --extra alerts --extra pictures --extra postgresql

setup: .venv/.runtime.stamp

dev: .venv/.dev.stamp

.venv/.runtime.stamp: requirements.lock pyproject.toml scripts/setup
	@PYTHON="$(PYTHON)" scripts/setup requirements.lock
	@touch $@

.venv/.dev.stamp: requirements-dev.lock .venv/.runtime.stamp
	@PYTHON="$(PYTHON)" scripts/setup requirements-dev.lock
	@touch $@

run: setup
	@if [ -n "$$BACKCHANNEL_CONFIG" ] || [ -e config/backchannel.toml ]; then exec $(BIN)/backchannel run; \
	else echo "No config/backchannel.toml yet, so this is the rehearsal."; exec $(BIN)/backchannel rehearse; fi

rehearse: setup
	@exec $(BIN)/backchannel rehearse

static: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: static
	$(ROOMY) $(BIN)/pytest -m "not real" -n $(WORKERS)

test: static
	$(BIN)/python -m tests
	$(ROOMY) $(BIN)/pytest -n $(WORKERS) --durations 25

learn: dev
	$(BIN)/python -m training.learn

# The queue page and the search with 1,000 and 100,000 questions stored: a Markdown table, some minutes.
bench: dev
	$(BIN)/python -m bench.console

lock: dev
	$(COMPILE) -o requirements.lock pyproject.toml
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
