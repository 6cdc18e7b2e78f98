# Every target runs on a fresh machine: what it needs goes into .venv (and .venv-sam), never into the system.

# The deployed runtime is python3.13, so that comes first; else the newest that really starts (a pyenv shim may not).
PYTHON := $(shell for python in python3.13 $(HOME)/.pyenv/versions/3.13.*/bin/python python3.14 python3.12 \
            $(HOME)/.pyenv/versions/3.12.*/bin/python python3.11 $(HOME)/.pyenv/versions/3.11.*/bin/python python3; do \
            "$$python" -c 'import sys, venv, ensurepip; (3, 11) <= sys.version_info[:2] < (3, 15) or sys.exit(1); print(sys.executable)' \
            2>/dev/null && break; done)
PYTHON313 := $(shell for python in python3.13 $(HOME)/.pyenv/versions/3.13.*/bin/python; do \
            "$$python" -c 'import sys; sys.version_info[:2] == (3, 13) or sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)

# One more than there are cores, and at most four: a part of the tests waits.
WORKERS := $(shell cores=$$(getconf _NPROCESSORS_ONLN) && echo $$(( cores < 3 ? cores + 1 : 4 )))

export AWS_DEFAULT_REGION ?= eu-central-1
export SAM_CLI_TELEMETRY ?= 0

SONG ?=
STYLE ?= lo-fi jazz
PROVIDER ?=
OUT ?= out
STACK ?= reprise
SECONDS ?= 60
JOBS ?= 10000
SEED ?= 7
export SONG STYLE PROVIDER OUT

.PHONY: studio-if-possible console console-e2e screenshots help demo gallery up down test test-e2e simulate bench check audit fuzz studio floors tables openapi build artifact deploy rotate lock clean

help: ## show this
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: .venv/.ready studio-if-possible ## cover a song on the embedded AWS: make demo SONG=my.mp3 STYLE="lo-fi jazz" PROVIDER=kie OUT=out
	@.venv/bin/python -m local demo $${SONG:+--song="$$SONG"} --style="$$STYLE" $${PROVIDER:+--provider="$$PROVIDER"} --out="$$OUT"

gallery: .venv/.ready .venv-studio/.ready ## a song in every style of the studio, on a page: make gallery SONG=my.mp3 OUT=out
	@.venv/bin/python -m local gallery $${SONG:+--song="$$SONG"} --out="$$OUT"

up: .venv/.ready studio-if-possible ## start the embedded stack and keep it; .local/stack.json says where
	@.venv/bin/python -m local up --detach

down: .venv/.ready ## stop it
	@.venv/bin/python -m local down

# A whole stack mostly waits. The storm and the commands have stacks of their own, so that they run beside the one that the rest shares.
test: .venv/.ready ## all tests, side by side; then those of the whole stack
	.venv/bin/python -m pytest -m "not e2e" -n $(WORKERS) --dist worksteal
	.venv/bin/python -m pytest -m e2e -n 2 --dist loadgroup

test-e2e: JOBS = 300
test-e2e: .venv/.ready ## the whole stack, with a long storm: make test-e2e JOBS=300 SEED=7
	STORM_JOBS="$(JOBS)" STORM_SEED="$(SEED)" .venv/bin/python -m pytest tests/e2e

simulate: .venv/.ready ## days of a world that misbehaves, in virtual time: make simulate JOBS=10000 SEED=7
	@PYTHONPATH=layers/core .venv/bin/python -m tests.simulation --jobs "$(JOBS)" --seed "$(SEED)"

bench: .venv/.ready .venv-bench/.ready ## what the gateway costs beside its floors, into bench/RESULTS.md; one part: python -m bench.gateway --only calls
	@.venv/bin/python -m bench.gateway

check: .venv/.ready .venv-sam/.ready ## style, types, template, workflows
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv-sam/bin/sam validate --lint
	.venv-sam/bin/sam validate --lint --template studio/template.yaml
	.venv-sam/bin/cfn-lint .github/role.yaml
	@for one in docs/recipes/*/template.yaml; do .venv-sam/bin/sam validate --lint --template $$one || exit 1; done
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.venv-sam/bin/zizmor --offline --quiet .github/workflows

audit: .venv-audit/.ready ## what the template leaves open, and known flaws of what we depend on (asks PyPI)
	.venv-audit/bin/checkov --config-file .checkov.yaml
	@for set in layers/dependencies/requirements layers/media/requirements requirements/dev requirements/sam requirements/studio requirements/studio-data requirements/studio-service requirements/uv bench/requirements-gateway; do \
	  echo $$set.txt; .venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r $$set.txt || exit 1; done

fuzz: .venv-fuzz/.ready ## the readers of callbacks and audio against anything: make fuzz SECONDS=60
	@for one in callbacks audio; do \
	  PYTHONPATH=layers/core:. .venv-fuzz/bin/python -m tests.fuzz.$$one -max_total_time=$(SECONDS) -max_len=4096 || exit 1; done

studio: .venv/.ready .venv-studio/.ready ## types and tests of the cover engine of its own, studio/
	.venv/bin/mypy --python-executable .venv-studio/bin/python studio $$(find tests/studio -name '*.py')
	.venv-studio/bin/python -m pytest --confcutdir=tests/studio tests/studio --ignore tests/studio/test_floors.py --ignore tests/studio/test_loud_enough.py

console: ## types, tests and the build of the web page, console/ (needs node 20.19 or later)
	@command -v npm >/dev/null || { echo "make console needs node and npm. Nothing else does: the page is in the repository as it was built"; exit 1; }
	npm --prefix console ci
	npm --prefix console run check
	npm --prefix console test
	npm --prefix console run build
	npm --prefix console run size

console-e2e: .venv/.ready console ## the page in a real Chromium, beside a stack of its own; pictures in out/console
	@.venv/bin/python -m local beside --pace 0.5 npm --prefix console run e2e

screenshots: console-e2e ## the same, and the pictures of docs/console.md, docs/cli.md and the README are made anew
	cp $(addprefix out/console/,cover.png new.png failed.png phone-cover-light.png phone-cover-dark.png) docs/console/
	@.venv/bin/python -m local beside --pace 0.5 .venv/bin/python -m docs.screenshots

floors: .venv-studio/.ready ## what the studio must reach, on a few songs; python -m bench.studio has the whole table
	.venv-studio/bin/python -m pytest --confcutdir=tests/studio tests/studio/test_floors.py tests/studio/test_loud_enough.py

tables: .venv/.ready ## write the tables of the pages in docs/ anew
	@PYTHONPATH=layers/core .venv/bin/python -m docs.tables

openapi: .venv/.ready ## write the OpenAPI documents and the pages of GET /docs anew
	@PYTHONPATH=layers/core .venv/bin/python -m docs.openapi

build: .venv/.ready .venv-sam/.ready ## the artifacts for AWS, in .aws-sam
	@test -n "$(PYTHON313)" || { echo "make build compiles bytecode for Lambda and needs a python3.13 on PATH or in pyenv"; exit 1; }
	PYTHON313="$(PYTHON313)" UV="$(CURDIR)/.venv/bin/uv" .venv-sam/bin/sam build

artifact: ## whether what `make build` made is what Lambda will load, and the same when built again
	UV="$(CURDIR)/.venv/bin/uv" "$(PYTHON313)" layers/check.py .aws-sam/build

deploy: build ## to your AWS account: make deploy STACK=reprise
	.venv-sam/bin/sam deploy --stack-name "$(STACK)"

rotate: .venv/.ready ## a new key for the callback tokens of a deployed stack: make rotate STACK=reprise
	@.venv/bin/python -m local.rotate --stack "$(STACK)" $(if $(LEAKED),--leaked)

lock: .venv/.ready ## pin the requirements anew
	@for set in requirements/uv requirements/dev layers/dependencies/requirements layers/media/requirements requirements/sam requirements/audit requirements/fuzz requirements/studio requirements/studio-data requirements/studio-service bench/requirements-gateway; do \
	  limit="-c requirements/dev.txt"; case $$set in requirements/dev|requirements/sam|requirements/audit) limit="";; \
	    requirements/studio-data) limit="--no-deps";; requirements/studio-service) limit="$$limit -c requirements/studio.txt";; esac; \
	  .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	    $$set.in $$limit -o $$set.txt || exit 1; done

clean: down ## remove what was built and installed
	rm -rf console/node_modules .venv .venv-sam .venv-bench .venv-audit .venv-fuzz .venv-studio .aws-sam .local build out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# uv installs in seconds; where its own defaults do not reach a registry, pip with the owner's settings does.
.venv/.ready: requirements/uv.txt requirements/dev.txt
	$(call environment,.venv,requirements/dev.txt)
	@printf '%s\n' ../../../../layers/core ../../../.. > $$(echo .venv/lib/python3.*/site-packages)/reprise.pth
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m cli "$$@"\n' "$(CURDIR)" > .venv/bin/reprise
	@chmod +x .venv/bin/reprise
	@touch $@

.venv-sam/.ready: requirements/uv.txt requirements/sam.txt
	$(call environment,.venv-sam,requirements/sam.txt)
	@touch $@

.venv-audit/.ready: requirements/uv.txt requirements/audit.txt
	$(call environment,.venv-audit,requirements/audit.txt)
	@touch $@

.venv-bench/.ready: requirements/uv.txt bench/requirements-gateway.txt
	$(call environment,.venv-bench,bench/requirements-gateway.txt)
	@touch $@

.venv-fuzz/.ready: requirements/uv.txt requirements/fuzz.txt
	$(call environment,.venv-fuzz,requirements/fuzz.txt)
	@touch $@

# Everything but the studio itself works without it, and there may be no wheels of its packages for a machine.
studio-if-possible: .venv/.ready
	@$(MAKE) -s .venv-studio/.ready || echo "The studio could not be installed; the rest goes on without it. Its packages: requirements/studio.txt"

.venv-studio/.ready: requirements/uv.txt requirements/studio.txt requirements/studio-service.txt requirements/studio-data.txt
	$(call environment,.venv-studio,requirements/studio.txt -r requirements/studio-service.txt)
	@echo ../../../../layers/core > $$(echo .venv-studio/lib/python3.*/site-packages)/reprise.pth
	@.venv-studio/bin/python -m pip install -q --no-deps --require-hashes -r requirements/studio-data.txt
	@touch $@

define environment
	@test -n "$(PYTHON)" || { echo "Reprise needs Python 3.11 or later with venv; none that starts was found"; exit 1; }
	@test ! -L $(1) || { echo "$(1) is a link: what it leads to is not ours to install anew. Remove the link first"; exit 1; }
	@echo "Installing $(2) into $(1) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(1)
	@$(1)/bin/python -m pip install -q --require-hashes -r requirements/uv.txt
	@$(1)/bin/uv pip install -q --python $(1)/bin/python --require-hashes -r $(2) \
	  || $(1)/bin/python -m pip install -q --require-hashes -r $(2)
endef
