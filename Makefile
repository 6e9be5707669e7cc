# Two commands do all the set-up: `make bench` runs the main job, `make test` the tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help bench test check lint types docs verify benchmarks benchmarks-compare memory dask-rows boards reproductions choosing-k soak fuzz \
  notebook wheel clean

help:
	@echo "make bench        install, and run every encoder x clusterer x metric on the digits"
	@echo "make test         install, and run the tests"
	@echo "make check        ruff, mypy, import rules, doctests and tests"
	@echo "make docs         build the documentation into site/, to be opened as files"
	@echo "make verify       check the committed boards: records, labels, scores and tables"
	@echo "make boards       compute and publish the committed boards: digits, Fashion-MNIST, MNIST (two hours)"
	@echo "make reproductions  rerun the five reports, and judge their numbers (three hours)"
	@echo "make choosing-k   the tables of docs/choosing-k.md (two hours)"
	@echo "make benchmarks   speed, as ratios; make benchmarks-compare: against the stored run"
	@echo "make memory       peak memory up to 2,000,000 x 784 bytes, the figure of docs/performance.md (10 minutes)"
	@echo "make dask-rows    one fit of 100,000,000 rows on Dask workers of 1 GB (ten minutes)"
	@echo "make soak         stress test with kills, full disks and changed clocks (a quarter of an hour)"
	@echo "make fuzz         read 100,000 damaged files: each is read, or refused in one line (several minutes)"
	@echo "make notebook     run the example notebook, and keep its outputs"
	@echo "make wheel        build the wheel into dist/"

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.user: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing into $(VENV), PyTorch and TensorFlow included: about a minute ..."
	@$(PIP) -e '.[torch,tensorflow,parquet]' || { \
	  echo "Without PyTorch and TensorFlow: autoencoders will be shown as unavailable."; $(PIP) -e .; }
	@$(PIP) -e '.[genie]' || echo "Without genieclust: genie will be shown as unavailable."
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	@echo "Installing the development tools ..."
	$(PIP) -e '.[dev]'
	@touch $@

bench: $(VENV)/.user
	$(BIN)/harness bench --all

# Two processes, each with whole files: the tests themselves start many more.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy --strict harness plugins reproductions

check: lint types test

# The example notebook, with its outputs.
notebook: $(VENV)/.dev
	cd examples/notebook && $(abspath $(BIN))/jupyter-nbconvert --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False first_method.ipynb

# Each file by itself, so that no framework meets another: twenty minutes.
RESULTS := .benchmarks
benchmarks: $(VENV)/.dev
	@mkdir -p $(RESULTS)
	@for file in tests/benchmarks/test_*.py; do \
	  $(BIN)/python -m pytest $$file -o addopts= --benchmark-only --benchmark-group-by=group \
	    --benchmark-json=$(RESULTS)/$$(basename $$file .py).json || exit 1; done

# Against the stored run, in units of how fast each one's machine was.
benchmarks-compare: benchmarks
	$(BIN)/python studies/benchmarks.py $(RESULTS)

# Files of up to 1.6 GB, and as much again in the stores: under .memory/, which can be removed.
memory: $(VENV)/.user
	$(BIN)/python studies/memory.py .memory 250000 500000 1000000 2000000 --figure docs/pictures/memory

# A file of 400 MB, and as much again in the store; ten minutes on two cores.
dask-rows: $(VENV)/.dev
	$(BIN)/python studies/dask_rows.py .memory 100000000

# Short, these are among the tests; `--chance N` repeats the random moments of a run that failed.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest tests/soak --rounds 100 -s --durations 0

# A thousand of them are among the tests; `make fuzz SEED=7` repeats a run.
SEED ?= $(shell date +%s)
fuzz: $(VENV)/.dev
	$(BIN)/python tests/fuzz.py --files 100000 --seed $(SEED)

$(VENV)/.docs: $(VENV)/.user
	@echo "Installing MkDocs ..."
	@$(PIP) -e '.[docs]'
	@touch $@

# Nothing is asked of any other host, by the build or by the pages.
docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "Open site/index.html in a browser."

verify: $(VENV)/.user
	$(BIN)/harness verify leaderboard

BOARD := -e identity -e 'pca(n_components=50)' -c kmeans -c 'gmm(reg_covar=1e-06)'
TRAINED := (batch_size=256, epochs=20)
AUTOENCODERS := -e 'dense-ae-torch$(TRAINED)' -e 'dense-ae-keras$(TRAINED)' \
  -e 'conv-ae-torch$(TRAINED)' -e 'conv-ae-keras$(TRAINED)' -c kmeans -c 'gmm(reg_covar=1e-06)'
VARIANTS := -c 'gmm(covariance_type=tied)' -c 'gmm(covariance_type=diag)' -c 'gmm(covariance_type=spherical)' \
  -c 'agglomerative(linkage=average)'
boards: $(VENV)/.user
	$(BIN)/harness bench --all --slow
	$(BIN)/harness bench --all $(VARIANTS)
	$(BIN)/harness bench -d fashion-mnist --protocol train-test --protocol full $(BOARD)
	$(BIN)/harness bench -d fashion-mnist $(AUTOENCODERS)
	$(BIN)/harness bench -d mnist $(BOARD)
	$(BIN)/harness bench -d mnist -e 'dense-ae-torch$(TRAINED)' -c kmeans -c 'gmm(reg_covar=1e-06)'
	$(BIN)/harness publish --all --yes --by 'the authors of harness' --reference --into README.md

# The five reports as they are written, and the boards that their numbers stand on: three hours on two cores.
reproductions: $(VENV)/.user
	$(BIN)/harness reproduce --all
	$(BIN)/harness publish fashion-mnist.train fashion-mnist.test fashion-mnist.train-test --yes --by 'the authors of harness' --reference \
	  --into README.md

# The tables and curves of docs/choosing-k.md: two hours.
FROM_KMEANS := -c kmeans-elbow -c kmeans-silhouette -c kmeans-gap -c kmeans-calinski-harabasz -c kmeans-davies-bouldin
SCORES := -m accuracy -m purity -m nmi -m ari -m homogeneity
R2 := n_init=10, random_state=5
TRAIN := $(BIN)/harness bench -d fashion-mnist --protocol train
choosing-k: $(VENV)/.user
	$(BIN)/python studies/choosing_k.py
	$(TRAIN) -e identity -e 'pca(n_components=50)' $(FROM_KMEANS) -c kmeans $(SCORES)
	$(TRAIN) -e 'pca(n_components=50)' -c gmm-bic -c gmm-aic -c gmm-icl $(SCORES)
	$(TRAIN) -e identity -c 'gmm-bic(covariance_type=diag)' -c 'gmm-aic(covariance_type=diag)' \
	  -c 'gmm-icl(covariance_type=diag)' $(SCORES)
	$(TRAIN) -e identity $(SCORES) -c 'kmeans-elbow(k_values=[10, 16, 36, 64, 144, 256], $(R2))' \
	  $(foreach k,10 16 36 64 144 256,-c 'kmeans(n_clusters=$(k), $(R2))')
	$(BIN)/harness curves fashion-mnist.train

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) build dist site *.egg-info .mypy_cache .ruff_cache .pytest_cache
