# Pantau. `make demo` shows it, `make test` proves it; both install what is missing first.
.PHONY: setup demo test check bench soak screenshots clean

BIN := .venv/bin
export PATH := $(CURDIR)/.local/tools/usr/bin:$(PATH)

# The environment, the servers' files and the built pages; a moment when nothing is missing.
setup:
	@sh deploy/local/setup.sh

# TimescaleDB, Mosquitto and the whole centre with simulated hardware; Ctrl-C stops everything it started.
demo: setup
	@$(BIN)/python -m deploy.demo

# Every test, four at a time, each quarter on a TimescaleDB and a Mosquitto of its own: most wait for something real.
test: setup
	@sh deploy/local/pages.sh test
	@$(BIN)/pytest -m "not soak" -n 4 --dist worksteal

# Format, lint, types, import floors; of the pages too.
check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@sh deploy/local/pages.sh check

# The pictures of README.md, taken anew by the test that takes them as artefacts (.local/artefacts) in every run.
screenshots: setup
	@PANTAU_KEEP_SCREENSHOTS=1 $(BIN)/pytest -q tests/browser/test_a_cut_on_the_wall.py

# Figures beside those of peers, as ratios of one run; kept in .local/bench/.
bench: setup
	@$(BIN)/python -m tests.bench

# Long runs under faults.
soak: setup
	@$(BIN)/pytest -m soak --timeout 3600

clean:
	@rm -rf .venv .local dashboards/node_modules dashboards/built dashboards/generated
