# Needs make, /bin/sh and Python 3.11 or newer; the rest is installed into .venv.
PYTHON = python3
VENV_PYTHON = .venv/bin/python
ARGS =

# Many containers forbid to keep what was compiled: then each worker of the tests would rewrite all of them anew.
export PYTHONDONTWRITEBYTECODE =

# What a public site would be told, so that `check --deploy` judges what really runs there.
AS_IN_PRODUCTION = LOCAL=0 DEBUG=0 SITE_URL=https://petitions.example ALLOWED_HOSTS=petitions.example \
	OPERATOR_NAME=Example CONTACT_EMAIL=contact@petitions.example DEFAULT_FROM_EMAIL=post@petitions.example \
	EMAIL_URL=smtp://127.0.0.1:25 TRUSTED_PROXY_COUNT=1

.PHONY: help run backup restore test chaos bench lint format clean

help:
	@echo "make run      the site on this machine (PORT=8000, DATA_DIR=.data); Ctrl-C stops it"
	@echo "make backup   FILE=site.tar: database and keys into one file, also while the site runs"
	@echo "make restore  FILE=site.tar: back from it; ARGS=--replace where there is a site already"
	@echo "make test     all tests; ARGS='-k goals' chooses some"
	@echo "make chaos    the fault tests at full size, ending in docs/proofs.md (an hour at most); ARGS='-k milestones' prints some"
	@echo "make bench    measure it on this machine, ending in docs/benchmarks.md (half an hour); ARGS='--rows sign,page --quick'"
	@echo "make lint     style, types, templates, migrations, settings"
	@echo "make format   let the tools put the style right"
	@echo "make clean    remove .venv and what tools cached; data stays"

run:
	@$(PYTHON) -m embedded install requirements.txt
	@exec $(VENV_PYTHON) -m embedded --with-parent run

backup restore:
	@test -n "$(FILE)" || { echo "Name the file: make $@ FILE=site.tar"; exit 1; }
	@$(PYTHON) -m embedded install requirements.txt
	@exec $(VENV_PYTHON) -m embedded --with-parent $@ "$(FILE)" $(ARGS)

test:
	@$(PYTHON) -m embedded install requirements-dev.txt
	@exec $(VENV_PYTHON) -m embedded --with-parent scratch --fast -- $(VENV_PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

chaos:
	@$(PYTHON) -m embedded install requirements-dev.txt
	@rm -f .chaos-report.jsonl
	@CHAOS=full CHAOS_REPORT=$(CURDIR)/.chaos-report.jsonl $(VENV_PYTHON) -m embedded --with-parent scratch --fast -- \
		$(VENV_PYTHON) -m pytest tests/chaos -n0 $(ARGS); status=$$?; \
	$(VENV_PYTHON) -m tests.chaos.proofs .chaos-report.jsonl docs/proofs.md; exit $$status

bench:
	@$(PYTHON) -m embedded install requirements-dev.txt
	@exec $(VENV_PYTHON) -m bench $(ARGS)

lint:
	@$(PYTHON) -m embedded install requirements-dev.txt
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m djlint --lint --quiet templates
	@env $(AS_IN_PRODUCTION) $(VENV_PYTHON) -m embedded scratch --fast -- sh -exc ' \
		$(VENV_PYTHON) -m mypy; \
		$(VENV_PYTHON) manage.py makemigrations --check --dry-run; \
		$(VENV_PYTHON) manage.py check --deploy --fail-level WARNING'

format:
	@$(PYTHON) -m embedded install requirements-dev.txt
	$(VENV_PYTHON) -m ruff check --fix-only --quiet .
	$(VENV_PYTHON) -m ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
