# make run     the program, with the synthetic sample; ARGS="..." replaces `demo`
# make test    lint, types, layers, tests
# make help    the rest
SHELL := /bin/bash
VENV ?= .venv
PYTHON ?=
ARGS ?= demo
MINUTES ?= 60
# Three on two cores are faster, but jobs that give way to all else (a map) then wait for minutes.
WORKERS ?= 2

BIN := $(VENV)/bin
# Files in the order of tests/support/longest_first.py, not by how many tests they hold.
BY_FILE := --dist loadfile --no-loadscope-reorder
STAMP := $(VENV)/.installed
OFFSCREEN := $(filter offscreen minimal vnc,$(QT_QPA_PLATFORM))
# Only these arguments, or a project folder, open a window; everything else is the command line.
WINDOW := $(or $(filter demo open,$(firstword $(ARGS))),$(wildcard $(firstword $(ARGS))/medlabeler.db))

.PHONY: run display test test-slow lint package bench fuzz crash gallery pictures languages house setup clean help
.DEFAULT_GOAL := help

help:
	@echo 'make run                  open the window with the synthetic sample'
	@echo 'make run ARGS="..."       run medlabeler with these arguments, for example ARGS="open PROJECT"'
	@echo 'make test                 ruff, mypy, import-linter, pytest'
	@echo 'make test-slow            the tests that take minutes'
	@echo 'make crash                kill the window again and again, fill its disk, flip bits; MINUTES=60'
	@echo 'make lint                 ruff, mypy, import-linter only'
	@echo 'make package              wheel and sdist into dist/, installed and tried outside of this folder'
	@echo 'make bench                measure speed against the baselines; BENCH="click map" says which'
	@echo 'make fuzz                 read mutated files by the 100,000; FUZZ="images=5000 --first 9" says which'
	@echo 'make gallery              render every mode and dialog in all sizes, themes and scales; FOLDER=... says where'
	@echo 'make pictures             take the pictures of the guide from the running program'
	@echo 'make languages            bring the catalogues of translations up to date; tell what is not translated'
	@echo 'make house                count folders, lines and imports before and now: resources/results/house.md'
	@echo 'make clean                remove $(VENV), dist and caches'
	@echo 'PYTHON=... chooses the interpreter (3.11 to 3.13) of a new $(VENV)'

$(STAMP): pyproject.toml packaging/constraints.txt packaging/setup.sh
	@packaging/setup.sh "$(VENV)" "$(PYTHON)"
	@touch $@

setup: $(STAMP)

# Said before anything is installed: without a display Qt would abort.
display:
ifneq ($(WINDOW),)
	@if [ "$$(uname)" = Linux ] && [ -z "$${DISPLAY}$${WAYLAND_DISPLAY}$${QT_QPA_PLATFORM}" ]; then \
	  echo 'There is no display here: run this in a desktop session, or write a picture of the window with QT_QPA_PLATFORM=offscreen make run ARGS="demo --screenshot out.png --quit-after-ready".' >&2; \
	  exit 2; \
	fi
endif

run: display $(STAMP)
ifneq ($(WINDOW),)
	@packaging/system-packages.sh offscreen $(if $(OFFSCREEN),,window)
endif
	@$(BIN)/medlabeler $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if command -v actionlint >/dev/null; then actionlint; fi

test: lint
	@packaging/system-packages.sh offscreen
	packaging/in-memory.sh $(BIN)/python -m pytest -n $(WORKERS) $(BY_FILE) --durations 30 --durations-min 2

test-slow: $(STAMP)
	@packaging/system-packages.sh offscreen
	packaging/in-memory.sh $(BIN)/python -m pytest -m slow -n $(WORKERS) $(BY_FILE) -vv --durations 30

crash: $(STAMP)
	@packaging/system-packages.sh offscreen
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/python tests/crash/corruption.py
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/python tests/crash/harness.py --minutes $(MINUTES)

package: $(STAMP)
	@packaging/system-packages.sh offscreen
	@packaging/package.sh "$(VENV)"

bench: $(STAMP)
	@packaging/system-packages.sh offscreen
	@$(BIN)/medlabeler bench $(BENCH)

fuzz: $(STAMP)
	@nice $(BIN)/python tests/fuzz/fuzz.py $(FUZZ)

gallery: $(STAMP)
	@packaging/system-packages.sh offscreen
	@$(BIN)/python tests/gallery.py $(FOLDER)

pictures: $(STAMP)
	@packaging/system-packages.sh offscreen
	@$(BIN)/python tests/gallery.py --guide

languages: $(STAMP)
	@$(BIN)/python packaging/languages.py

house: $(STAMP)
	@$(BIN)/python packaging/house.py

clean:
	rm -rf "$(VENV)" dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
