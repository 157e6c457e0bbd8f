# Everything a newcomer types. `make` alone prints this file's targets.

SHELL := /bin/bash
.SHELLFLAGS := -eo pipefail -c
.DEFAULT_GOAL := help

# What one may set: make test PKG=./store/..., make fuzz FUZZTIME=1m
PKG       ?= ./...
TESTFLAGS ?=
COUNT     ?= 3
FUZZTIME  ?= 10s
SHOPS     ?=
VULNDB    ?= $(lastword $(sort $(wildcard ../shared/data/vulndb-*.tgz)))

# The product has no C in it; only the race detector has.
export CGO_ENABLED := 0
GO    ?= go
RACE  := CGO_ENABLED=1 $(GO) test -race
# A clone that belongs to someone else has no version that git would tell.
STAMP  = $(shell git status --porcelain >/dev/null 2>&1 || echo ' -buildvcs=false')
LINT  := bin/golangci-lint
VULN  := bin/govulncheck

.PHONY: help demo build test unit day race fuzz bench peers gen stale check format vet archtest map lint vuln clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## Run a market with a simulated city (SHOPS=FILE: with the real shops of a CSV file)
	bin/outcry demo$(if $(SHOPS), --shops '$(SHOPS)')

build: ## Build bin/outcry
	$(GO) build -trimpath$(STAMP) -o bin/outcry ./cmd/outcry

test: ## Test everything with the race detector on SQLite and a throw-away PostgreSQL (10 minutes at most)
	@scripts/need gcc gcc libc6-dev >/dev/null
	scripts/postgres env $(RACE) -timeout 10m $(TESTFLAGS) $(PKG)

unit: ## Test what needs no database server and little time
	OUTCRY_TEST_POSTGRES= $(GO) test -short -timeout 2m $(TESTFLAGS) $(PKG)

day: ## Show that limits hold on a day of a million calls, and that 10,000 cuts of lines lose nothing (two minutes)
	$(GO) test -count 1 -timeout 10m -run MillionCalls -v ./matching
	$(GO) test -count 1 -timeout 10m -run TestLine_NothingIsLostByCuts -v ./server

race: ## Hunt for races: run the unit tests of PKG COUNT times with the race detector
	@scripts/need gcc gcc libc6-dev >/dev/null
	OUTCRY_TEST_POSTGRES= $(RACE) -short -count $(COUNT) -timeout 30m $(TESTFLAGS) $(PKG)

fuzz: ## Run every fuzz target for FUZZTIME
	scripts/fuzz $(FUZZTIME)

bench: build ## Measure, and print the figures
	bin/outcry bench signals $(if $(wildcard ../shared/data/queries/*.csv),--data ../shared/data)
	bin/outcry bench select
	bin/outcry bench match
	bin/outcry bench market

peers: build ## Compare selecting with PostGIS and Redis, and start from SQLite (5 minutes; installs them for root on Debian)
	scripts/peers bin/outcry bench select --peers --sqlite

gen: ## Make the generated files anew
	scripts/gen

stale: ## Show which generated files would change, and fail when any would
	scripts/gen --stale

check: format vet lint archtest unit ## The quick form before every commit: all but the slow tests (2 minutes)

format: ## Name the files that are not formatted, and the modules that are not tidy
	@files=$$(find . -name '*.go' -not -path '*/node_modules/*' -not -path '*/testdata/*' -exec gofmt -l {} +); \
	  test -z "$$files" || { echo "run gofmt -w on:"; echo "$$files"; exit 1; }
	@$(GO) mod tidy -diff || { echo "run go mod tidy"; exit 1; }

vet: ## Run go vet
	$(GO) vet ./...

archtest: ## Check that layout, imports, sizes, names and docs keep the rules
	$(GO) test -count 1 ./internal/archtest

map: ## Print which package holds which of the nine steps
	@$(GO) test -count 1 -v -run TestTree_Map ./internal/archtest | sed -n 's/^        *//p'

lint: $(LINT) ## Run the linters of .golangci.yml
	$(LINT) run ./...

vuln: $(VULN) ## Look for known faults in what is used, in a local copy of the database (VULNDB=FILE.tgz)
	scripts/vuln $(VULN) $(VULNDB)

clean: ## Remove what was built
	rm -rf bin

# The tools have a module of their own, so that what they need is not what the product needs.
$(LINT) $(VULN) &: internal/tools/go.mod
	$(GO) -C internal/tools build -trimpath -buildvcs=false -o ../../bin/ tool
	@touch $(LINT) $(VULN)
