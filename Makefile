# Parley. The two commands that matter: `make run` and `make test`.
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
PARLEY := $(VENV)/bin/parley
LOCKS := ops/requirements

.PHONY: bench bench-shifts backtest help run install train test check test-train test-faults test-browser lock kafka kafka-jars packages test-extras secrets ops-files compose-check check-ops test-ops fuzz soak audit

help:  ## Show what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(PY):
	@command -v python3.11 >/dev/null || { echo "parley: python3.11 was not found; install Python 3.11 and try again" >&2; exit 2; }
	python3.11 -m venv $(VENV)

# A stamp per lock file: installing again happens when the lock or the package's own metadata changes.
$(VENV)/.runtime: $(LOCKS)/runtime.txt pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/runtime.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(LOCKS)/dev.txt $(VENV)/.runtime
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/dev.txt
	@touch $@

$(VENV)/.train: $(LOCKS)/train.txt $(VENV)/.dev
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/train.txt
	@touch $@

$(VENV)/.bench: $(LOCKS)/bench.txt $(VENV)/.dev
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/bench.txt
	@touch $@

install: $(VENV)/.runtime  ## Create .venv with everything `parley` needs (no torch)

run: $(VENV)/.runtime  ## Watch the sample newsroom. FEEDS=my.opml KAFKA=host:9092 WEBHOOK=URL SLACK=URL STEP=0.5
	@$(if $(SLACK),PARLEY_SLACK='$(SLACK)') $(if $(WEBHOOK),PARLEY_WEBHOOK='$(WEBHOOK)') $(PARLEY) up \
	  $(if $(FEEDS),--feeds '$(FEEDS)') $(if $(KAFKA),--kafka '$(KAFKA)') $(if $(STEP),--step $(STEP)) $(ARGS)

train: $(VENV)/.train  ## Install torch, train the stance reader on the corpus and export it: make train [EXPERIMENT=FILE]
	$(PARLEY) train $(EXPERIMENT)

KAFKA_LIBS := .parley/kafka/libs
$(KAFKA_LIBS)/.done: ops/kafka/pom.xml
	@command -v mvn >/dev/null || { echo "parley: Maven was not found; make packages installs it on Debian" >&2; exit 2; }
	mvn --quiet --batch-mode --file ops/kafka/pom.xml dependency:copy-dependencies \
	  -DincludeScope=runtime -DoutputDirectory=$(CURDIR)/$(KAFKA_LIBS)
	@touch $@

kafka-jars: $(KAFKA_LIBS)/.done  ## Fetch Apache Kafka itself (Maven)

kafka: $(VENV)/.runtime $(KAFKA_LIBS)/.done  ## Run Apache Kafka on loopback, without Docker (Java 17+); BROKERS=3 for three nodes
	$(PY) ops/kafka/serve.py $(KAFKA_LIBS) .parley/kafka/$(if $(filter-out 1,$(BROKERS)),nodes-$(BROKERS),node) $(BROKERS)

packages:  ## Install the system packages that some tests need (Debian: Java, Maven, Prometheus, Alertmanager, Chromium)
	command -v java >/dev/null && command -v mvn >/dev/null && command -v promtool >/dev/null && command -v amtool >/dev/null \
	  && command -v chromium >/dev/null \
	  || { apt-get update -q && apt-get install -y -q --no-install-recommends default-jre-headless maven \
	       prometheus prometheus-alertmanager chromium fonts-dejavu-core; }

test-extras: packages kafka-jars $(VENV)/.train $(VENV)/.bench  ## Install what some tests need beyond `make test`: Java, Maven, Kafka, torch

lock:  ## Resolve the hashed lock files again (uv; pip's resolver does not finish on this list)
	cd $(LOCKS) && for layer in "runtime --extra build" "dev --extra build --extra dev -c runtime.txt" "train --extra build --extra dev --extra train -c dev.txt" \
	  "bench --extra build --extra dev --extra bench -c dev.txt"; do \
	  set -- $$layer; out=$$1; shift; \
	  ../../$(VENV)/bin/uv pip compile ../../pyproject.toml --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet $$@ -o $$out.txt; done

bench: $(VENV)/.train $(KAFKA_LIBS)/.done  ## Speed as ratios to what a user would write (Java, Maven): make bench [ARGS="--only reader"]
	$(PY) -m ops.bench.speed $(ARGS)

check: $(VENV)/.dev  ## Lint, types, and the directions between the rooms
	$(VENV)/bin/ruff check services models streams tests ops
	$(VENV)/bin/ruff format --check services models streams tests ops
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: $(VENV)/.dev  ## Unit, property, contract and journey tests
	$(PY) -m pytest $(ARGS)

test-train: $(VENV)/.train  ## Training and export on a small network (installs torch)
	$(PY) -m pytest -o addopts="-ra --strict-markers --strict-config --import-mode=importlib" tests/models/training $(ARGS)

fuzz: $(VENV)/.dev  ## Look for input that breaks the parser, the decoder or the reader of statements: SECONDS=600
	$(PY) -m ops.fuzz $(or $(SECONDS),60)

soak: $(VENV)/.dev  ## All of Parley at ten times the sample's rate; memory, open files and tasks of each process: MINUTES=20 DAYS=600 TIMES=10
	$(PY) -m ops.soak $(or $(MINUTES),20) $(or $(DAYS),600) $(or $(TIMES),10)

AUDIT := .parley/audit
$(AUDIT)/.done: | $(PY)
	python3.11 -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@touch $@

audit: $(AUDIT)/.done  ## Look up known vulnerabilities of what is locked (pip-audit; fails where its service cannot be reached)
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $(LOCKS)/runtime.txt

test-faults: $(VENV)/.dev  ## Every fault that must lose nothing, with real processes and signals; writes ops/FAULTS.md
	$(PY) -m pytest -p tests.faults.table --fault-table ops/FAULTS.md -m "faults or fault" $(ARGS)

secrets:  ## Make the files that docker-compose.yml takes secrets from; what is there stays as it is
	@install -d -m 700 secrets
	@for name in slack webhook webhook_secret desk_read_token operators_slack; do test -e secrets/$$name || : > secrets/$$name; done
	@for name in desk_token grafana_password; do test -s secrets/$$name || head -c 24 /dev/urandom | base64 > secrets/$$name; done
	@chmod 644 secrets/*
	@echo "secrets/: put each secret into its file; an empty one means that it is not used"

ops-files: $(VENV)/.dev  ## Write what is written from code: .env.example and Grafana's dashboards
	$(PY) -m ops.env_example
	$(PY) -m ops.grafana.dashboards

COMPOSE_CHECK := .parley/bin/compose-check
$(COMPOSE_CHECK): ops/compose-check/main.go ops/compose-check/go.mod ops/compose-check/go.sum
	@mkdir -p $(@D); if command -v go >/dev/null; then cd ops/compose-check && go build -trimpath -o $(CURDIR)/$@ .; \
	  else echo "parley: Go was not found, so the loader of Docker Compose is not built"; fi

compose-check: $(COMPOSE_CHECK)  ## Build the loader that Docker Compose uses, to check docker-compose.yml (Go)

check-ops: $(VENV)/.dev compose-check  ## Compose file, image, alert rules, dashboards: what can be checked without starting them
	$(PY) -m pytest tests/ops/checks $(ARGS)

test-ops: $(VENV)/.dev  ## The real Prometheus on the real processes; compose's commands and the image's steps as local processes
	$(PY) -m pytest -o addopts="-ra --strict-markers --strict-config --import-mode=importlib" tests/ops/live $(ARGS)

bench-shifts: $(VENV)/.bench  ## Days until a shift is noticed: Parley, river, a moving average, an oracle. ARGS=--quick
	$(PY) -m ops.bench.shifts $(ARGS)

SHOTS := .parley/screenshots
test-browser: $(VENV)/.dev  ## The desk's pages in Chromium, and its API by its document; pictures go to SHOTS=DIR
	DESK_SHOTS='$(abspath $(SHOTS))' $(PY) -m pytest -o addopts="-ra --strict-markers --strict-config --import-mode=importlib -p no:schemathesis" tests/browser $(ARGS)

backtest: $(VENV)/.runtime  ## The archive beside the checkout: alerts against the reference, exposure, exact intervals, control
	$(PY) -m ops.backtest.run $(ARGS)
