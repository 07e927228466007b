# Two targets are all that is needed: `make run` opens the app, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint types contracts unit test-clients bench picture sound-page lock clean

run: $(READY)
	@$(BIN)/dropsmith

test: lint types contracts unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

# A process a core, and each file in one of them: what its tests share is made and compiled once. Rewritten assertions
# tell more and take each process seconds on a clean clone: what fails is run again with them.
PYTEST := $(BIN)/python -m pytest --ignore=tests/benchmarks
unit: $(READY)
	$(PYTEST) --assert=plain --numprocesses=auto --dist=loadscope --no-loadscope-reorder --durations=15 || \
		{ $(PYTEST) --last-failed --last-failed-no-failures=none; exit 1; }

# Exports opened by software that no Python index has, where it is installed; the table goes into docs/FL_STUDIO.md.
test-clients: $(READY)
	$(BIN)/python -m tests.clients --write

# Ratios measured in one run; nothing here fails on a slow machine.
bench: $(READY)
	for script in tests/benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dropsmith needs Python 3.11 or later: make PYTHON=python3.12 run" >&2; exit 2; }
	@echo "Setting up $(VENV) from the lock file: about a minute and 1 GB"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@# Where Python may not keep compiled modules as it runs, every start would compile them anew.
	@$(BIN)/python -m compileall -q song corpus model sound tui
	@touch $@

# Only to change what docs/SOUND.md shows: minutes, with fluidsynth and timidity where they are installed.
sound-page: $(READY)
	$(BIN)/python docs/make_sound.py

# Only to change what README shows.
picture: $(READY)
	$(BIN)/python docs/make_picture.py

# Only to change dependencies; needs uv.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache
