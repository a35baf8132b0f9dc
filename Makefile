.DEFAULT_GOAL := help
SHELL := /bin/bash

# How many inputs each fuzz target tries. A count and not a time: go test before 1.27 sometimes reports the end of
# the time itself as a failure (go.dev/issue/75804).
FUZZTIME ?= 5000x

.PHONY: help build demo test race lint venv docs wheel bench fuzz vulncheck clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/lazyfix
	go build -o bin/lazyfix ./cmd/lazyfix

demo: build ## show lazyfix on a copy of the sample app, and its suite before and after
	@.ci/venv sqlalchemy-2.0 fixtures/requirements-2.0.txt
	@fixtures/demo.sh bin/lazyfix .venvs/sqlalchemy-2.0/bin/python

test: venv ## run every test, the sample app on SQLite and PostgreSQL included
	go test -timeout 40m ./...

# What these do beside running lazyfix, as others do, is to run Python on what it wrote: nothing for the race detector.
IN_PYTHON = Cascades|Cases|EagerMoveOnSQLAlchemy|EvidenceOnTheSampleApp|FAQ|LazyValues|Recorder|RulesOnSQLAlchemy|ReloadsOnSQLAlchemy|SampleApp|CureOfARealTraceback

race: venv ## run the tests under the race detector, but those whose time is Python's
	go test -race -timeout 40m -skip '^Test($(IN_PYTHON))$$' $$(go list ./... | grep -v /packaging)

lint: .tools/golangci-lint .tools/actionlint ## run the linters: of Go, of workflows and of shell scripts
	@.ci/venv packaging packaging/requirements.txt
	.tools/golangci-lint run ./...
	.tools/actionlint -shellcheck .venvs/packaging/bin/shellcheck
	.venvs/packaging/bin/shellcheck .ci/run .ci/venv .ci/real-trees fixtures/demo.sh packaging/wheel packaging/release

venv: ## set up the Python environments of the tests in .venvs/
	@.ci/venv sqlalchemy-2.0 fixtures/requirements-2.0.txt
	@.ci/venv sqlalchemy-2.1 fixtures/requirements-2.1.txt
	@.ci/venv packaging packaging/requirements.txt

docs: ## write the pages of docs/ and the picture that are made from the code
	go run ./docs

wheel: ## build a wheel with the binary for this platform in dist/
	@.ci/venv packaging packaging/requirements.txt
	packaging/wheel

bench: ## run the benchmarks
	go test -bench=. -run='^$$' -timeout 60m ./...

fuzz: ## run each fuzz target on FUZZTIME inputs (5000x)
	@set -e; for package in $$(go list ./...); do \
		listed=$$(go test -list '^Fuzz' $$package); \
		for target in $$(grep '^Fuzz' <<<"$$listed" || true); do \
			echo "$$package $$target"; \
			go test -run='^$$' -fuzz="^$$target$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=5x $$package; \
		done; \
	done

vulncheck: .tools/govulncheck ## look for known vulnerabilities in what we call
	.tools/govulncheck ./...

clean: ## remove what make made: binaries, tools and Python environments
	rm -rf bin dist .tools .venvs

.tools/golangci-lint: .ci/tools/go.mod
	cd .ci/tools && go build -o ../../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.tools/actionlint: .ci/actionlint/go.mod
	cd .ci/actionlint && go build -o ../../$@ github.com/rhysd/actionlint/cmd/actionlint

.tools/govulncheck: .ci/tools/go.mod
	cd .ci/tools && go build -o ../../$@ golang.org/x/vuln/cmd/govulncheck
