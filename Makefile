# Two commands are all the set-up there is: `make demo` and `make test`. `make` alone lists the others.
# Needed beforehand: Python 3.11 or later with venv, make, git.

.DEFAULT_GOAL := help

# The first one that is new enough; `make PYTHON=/path/to/python3` names another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && exit; done; echo python3)
VENV_PYTHON := .venv/bin/python
RUNTIME := $(VENV_PYTHON) -m config.runtime
# Settings are read by the type checker and the contracts; nothing connects to these.
UNCONNECTED := DATABASE_URL=postgres://nobody@127.0.0.1:1/nothing REDIS_URL=redis://127.0.0.1:1/0 SECRET_KEY=unused

# `exec` puts the program in the shell's place, so that Ctrl-C and SIGTERM reach it and its exit code is the answer.

.PHONY: help
help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

.PHONY: demo
demo: environment ## Start the demo clinic; Ctrl-C stops it (PORT=8000, DATA_DIR=var)
	@exec $(RUNTIME) demo

.PHONY: reset
reset: environment ## Forget the demo and everything in it
	@exec $(RUNTIME) reset

.PHONY: token
token: environment ## Print an API token of the running demo (USER=frontdesk)
	@$(if $(filter command,$(origin USER)),,$(error Whose token? For example: make token USER=frontdesk))
	@exec $(RUNTIME) token "$(USER)"

.PHONY: manage
manage: environment ## Run a management command on the demo (CMD='import_patients FILE')
	@$(if $(CMD),,$(error Which command? For example: make manage CMD='import_patients FILE'))
	@exec $(RUNTIME) manage $(CMD)

.PHONY: test
test: test-environment ## Run the tests on real servers and a real browser (PYTEST_ARGS='-k booking')
	@$(VENV_PYTHON) -m config.runtime.assets
	@$(RUNTIME) chromium >/dev/null
	@exec $(VENV_PYTHON) -m pytest $(PYTEST_ARGS)

.PHONY: check
check: check-format check-lint check-types check-templates check-imports check-django ## Format, lint, types, templates, import contracts, migrations

.PHONY: check-format
check-format: test-environment
	$(VENV_PYTHON) -m ruff format --check .

.PHONY: check-lint
check-lint: test-environment
	$(VENV_PYTHON) -m ruff check .

.PHONY: check-types
check-types: test-environment
	$(UNCONNECTED) $(VENV_PYTHON) -m mypy .

.PHONY: check-templates
check-templates: test-environment
	$(VENV_PYTHON) -m djlint --lint --quiet config patients scheduling infusions notifications

.PHONY: check-imports
check-imports: test-environment
	$(VENV_PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

.PHONY: check-django
check-django: test-environment
	$(RUNTIME) servers sh -c '$(VENV_PYTHON) manage.py makemigrations --check --dry-run && $(VENV_PYTHON) manage.py check'

.PHONY: format
format: test-environment ## Put the code into the house's format
	$(VENV_PYTHON) -m ruff check --fix-only --quiet .
	$(VENV_PYTHON) -m ruff format .

.PHONY: bench
bench: test-environment ## Measure against limits and peers of the same run; prints a table (ONLY=growth)
	@DURABLE=1 exec $(RUNTIME) servers $(VENV_PYTHON) -m bench.run $(ONLY)

.PHONY: soak
soak: test-environment ## Send while everything fails, and book at once; then look for what is wrong (SECONDS=1800 SEED=7)
	@SECONDS="$(SECONDS)" SEED="$(SEED)" exec $(RUNTIME) servers $(VENV_PYTHON) -m bench.soak

.PHONY: pictures
pictures: test-environment ## Take the README's pictures of the running demo (PORT=8000)
	@exec $(VENV_PYTHON) -m docs.pictures

.PHONY: lock
lock: ## Resolve requirements/*.in anew into the hashed lock files (UPGRADE=--upgrade)
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv; \
	for kind in app test assets; do \
		"$$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
			--no-emit-index-url --no-header --no-annotate -o requirements/$$kind.txt requirements/$$kind.in; \
	done

.PHONY: environment
environment:
	@$(PYTHON) config/runtime/install.py app

.PHONY: test-environment
test-environment:
	@$(PYTHON) config/runtime/install.py test
