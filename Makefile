.DEFAULT_GOAL := help
.PHONY: help setup run check lint types imports fast test proto proto-check bench faults lock clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Tried in this order; the first that is new enough and can make an environment is taken.
PYTHON ?= python3.13 python3.12 python3.11 python3
BIN := .venv/bin

PYTHON_FOUND = $(strip $(shell for p in $(PYTHON); do \
	if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	new="$${new:-$$p}"; \
	if "$$p" -c 'import ensurepip, venv' 2>/dev/null; then whole="$$p"; break; fi; \
	fi; done; echo "$$new $$whole"))
NO_PYTHON = Shuniu needs Python 3.11 or later, and there is none among: $(PYTHON). \
Install one, or name it: make PYTHON=/path/to/python3.12
NO_ENSUREPIP = $(1) cannot make a virtual environment. Install its venv package \
(Debian and Ubuntu: apt install $(notdir $(1))-venv), or name another: make PYTHON=/path/to/python3.12

# A stamp's name is a hash of what was installed, so that a second run starts at once and another
# branch's locks count as news. The folder is in it too: an environment does not outlive a move.
hash = $(shell { $(1); } | cksum | cut -d ' ' -f 1)
PACKAGES := requirements-bootstrap.lock pyproject.toml proto/pyproject.toml clients/python/pyproject.toml
VENV := .venv/.made-$(call hash,pwd -P)
RUN := .venv/.installed-run-$(call hash,pwd -P; cat $(PACKAGES) requirements.lock)
DEV := .venv/.installed-dev-$(call hash,pwd -P; cat $(PACKAGES) requirements-dev.lock)
PROTO_VENV := .tools/proto-venv
PROTO_TOOLS := $(PROTO_VENV)/.installed-$(call hash,pwd -P; cat requirements-proto.lock)
PEERS_VENV := .tools/peers-venv
PEERS := $(PEERS_VENV)/.installed-$(call hash,pwd -P; cat requirements-peers.lock)

# uv does not read pip's settings: an index or a certificate that pip was given holds for it too.
UV = UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null)}}" \
	SSL_CERT_FILE="$${SSL_CERT_FILE:-$$PIP_CERT}" UV_PYTHON_DOWNLOADS=never $(BIN)/uv --quiet
UV_LOCK = $(UV) pip compile --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

define install
	@echo "installing what $(1) needs ($(2))"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@$(UV) pip sync --python $(BIN)/python --require-hashes $(2)
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation -e . -e proto -e clients/python
	@rm -f .venv/.installed-* && touch $@
endef

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) $(PROTO_TOOLS) ## Install everything a contributor needs

# A contributor's environment has all that running needs, and is not cut down to it.
run: $(if $(wildcard .venv/.installed-dev-*),$(DEV),$(RUN)) ## The suite on this machine, with the demo (ARGS=…)
	@$(BIN)/shuniu demo $(ARGS)

check: lint types imports fast ## Before every commit, in the order that fails fastest

lint: $(DEV) ## ruff, buf, and whether the generated code is that of the sources
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/buf lint proto
	@$(BIN)/buf format --diff --exit-code proto
	@tag=$$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || true; \
	if [ -n "$$tag" ] && git cat-file -e "$$tag:proto/buf.yaml" 2>/dev/null; then \
	$(BIN)/buf breaking proto --against "$$(git rev-parse --git-common-dir)#tag=$$tag,subdir=proto"; fi
	@$(MAKE) proto-check

types: $(DEV) ## mypy --strict
	@$(BIN)/mypy

imports: $(DEV) ## lint-imports: the architecture
	@$(BIN)/lint-imports --no-logo

fast: $(DEV) ## Tests that need nothing running (T=path for one)
	@$(BIN)/pytest --quiet -m "not postgres and not kafka" $(T)

test: setup check ## What CI runs: check, then everything on real PostgreSQL and Kafka
	@$(BIN)/pytest --quiet -m "postgres or kafka" $(T)

proto: $(PROTO_TOOLS) ## Regenerate the code of proto/; check fails where that changes a file
	@$(GENERATE)
	@find proto/shuniu -name '*_pb2*.py*' -exec rm -f {} +
	@cp -R .tools/proto-code/shuniu proto/

proto-check: $(PROTO_TOOLS) ## Whether the generated code is that of the sources
	@$(GENERATE)
	@diff -r -u -x '*.proto' -x py.typed -x __pycache__ proto/shuniu .tools/proto-code/shuniu || \
	{ echo "proto/: generated code and sources differ. Run: make proto" >&2; exit 1; }

bench: $(DEV) ## Figures next to their floors and peers
	@$(MAKE) $(PEERS) || echo "the peers' libraries cannot be had: what needs them is skipped" >&2
	@$(BIN)/python -m tests.benchmarks $(ARGS)

faults: $(DEV) ## Everything killed, cut and frozen under load, and what holds then
	@$(BIN)/python -m tests.faults $(ARGS)

lock: $(VENV) ## Bring the locks in line with pyproject.toml (UPGRADE=1 for newer versions)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@printf 'uv\n' | $(UV_LOCK) - -o requirements-bootstrap.lock
	@printf 'hatchling\neditables\n' | $(UV_LOCK) pyproject.toml - -o requirements.lock
	@printf 'coverage\n' | $(UV_LOCK) pyproject.toml - --group dev -c requirements.lock -o requirements-dev.lock
	@$(UV_LOCK) requirements-proto.txt -o requirements-proto.lock
	@$(UV_LOCK) requirements-peers.txt -o requirements-peers.lock

clean: ## Remove what make installed and cached; data in .state stays
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV):
	$(if $(PYTHON_FOUND),,$(error $(NO_PYTHON)))
	$(if $(word 2,$(PYTHON_FOUND)),,$(error $(call NO_ENSUREPIP,$(PYTHON_FOUND))))
	@echo "making .venv with $$($(word 2,$(PYTHON_FOUND)) --version)"
	@rm -rf .venv && $(word 2,$(PYTHON_FOUND)) -m venv .venv
	@touch $@

$(RUN): | $(VENV)
	$(call install,running,requirements.lock)

$(DEV): | $(VENV)
	$(call install,developing,requirements-dev.lock)

$(PROTO_TOOLS): | $(DEV)
	@echo "installing the generator of proto/ (requirements-proto.lock)"
	@rm -rf $(PROTO_VENV) && $(UV) venv --python $(BIN)/python $(PROTO_VENV)
	@$(UV) pip sync --python $(PROTO_VENV)/bin/python --require-hashes requirements-proto.lock
	@touch $@

$(PEERS): | $(DEV)
	@echo "installing what the benchmarks are compared with (requirements-peers.lock)"
	@rm -rf $(PEERS_VENV) && $(UV) venv --python $(BIN)/python $(PEERS_VENV)
	@$(UV) pip sync --python $(PEERS_VENV)/bin/python --require-hashes requirements-peers.lock
	@touch $@

PROTOC = PATH="$(CURDIR)/$(PROTO_VENV)/bin:$$PATH" $(PROTO_VENV)/bin/python -m grpc_tools.protoc -Iproto
define GENERATE
rm -rf .tools/proto-code && mkdir -p .tools/proto-code && \
$(PROTOC) --python_out=.tools/proto-code --mypy_out=quiet:.tools/proto-code \
	$$(find proto -name '*.proto' | sort) && \
$(PROTOC) --grpc_python_out=.tools/proto-code --mypy_grpc_out=quiet:.tools/proto-code \
	$$(grep -lr '^service ' proto --include='*.proto' | sort)
endef
