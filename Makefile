# The commands of this project. Everything lives in .venv; `make clean` takes it away.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TEXT ?= Hello from hailo piper.
OUT ?= speech.wav

.PHONY: help setup serve say test check bench clean

help:
	@echo "make serve   serve speech on port 5003 (installs on the first run)"
	@echo "make say     speak TEXT into OUT (make say TEXT='Hello.' OUT=hello.wav)"
	@echo "make test    run the whole test suite"
	@echo "make check   lint and type-check"
	@echo "make bench   measure this machine: speed and memory"
	@echo "make setup   only install, with everything a developer needs"
	@echo "make clean   remove what these commands made"

# Serving needs less than developing, so each has its own mark.
$(VENV)/serve: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "hailo-piper needs Python 3.11 or newer; name one: make serve PYTHON=python3.13"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Raspberry Pi OS: sudo apt install python3-venv"; exit 1; }
	@echo "Installing (about 190 MB, the voice included) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/develop: pyproject.toml $(VENV)/serve
	@echo "Installing what tests and checks need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

setup: $(VENV)/develop

serve: $(VENV)/serve
	@echo "Loading the voice ..."
	@exec $(BIN)/hailo-piper serve --log-format text

say: $(VENV)/serve
	@$(BIN)/hailo-piper say "$(TEXT)" -o "$(OUT)" && echo "Spoken into $(OUT)"

test: $(VENV)/develop
	$(BIN)/python -m pytest

check: $(VENV)/develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/serve
	$(BIN)/hailo-piper bench
	$(BIN)/python benchmarks/memory.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build dist *.egg-info benchmarks/results speech.wav
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
