# Voordeur on this machine. `make run` starts everything; `make check` is what CI runs.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run

STORE := node_modules/@dynoxide/linux-x64/dynoxide
TOOLS := build/tools

# The CDK library says in a frame of stars that Node 20 is old; Node does not ship.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

# silent runs a command that must print nothing.
silent = @echo '$(1)'; if ! out=$$($(1)) || [ -n "$$out" ]; then printf '%s\n' "$$out"; exit 1; fi

# alone runs one test, and fails when there is none of that name: $(call alone,test,package,flags).
alone = @go test -list '^$(1)$$' $(2) | grep -x '$(1)' > /dev/null || { echo 'no test $(1) in $(2)'; exit 1; }; \
	set -x; go test -v -timeout 90m -run '^$(1)$$' $(2) $(3)

.PHONY: run test check synth bench prove drill build sbom pictures
.PHONY: store node chromium voordeur compile tidy fix vet style deadcode lint

## What people call

# The whole service, with its data in .local/ or $DATA. The program replaces the shell, so that Ctrl-C reaches it.
run: store voordeur
	@exec build/voordeur

# Every test; nothing is skipped and nothing comes out of a cache.
test: store node chromium compile
	go test -count=1 -timeout 20m ./...

# What CI runs. The tests come last, so that their closing lines close the output.
check: tidy fix vet style deadcode lint synth test

# The long searches, one after the other, since each wants the machine: fifty times as many random checks, what the
# tests search a part of searched whole, and half a minute for each fuzz target. Two hours on two cores.
prove: store node chromium compile
	RAPID_CHECKS=5000 go test -count=1 -timeout 30m $$(grep -rl --include='*_test.go' 'rapid\.Check(' internal | xargs -n 1 dirname | sort -u | grep -vx internal/web | sed 's,^,./,')
	$(call alone,TestAnyActsByAnybodyKeepTheInvariants,./internal/casework,-count=20)
	$(call alone,TestChangesFromTheCheckPage,./internal/web,-count=10)
	$(call alone,TestNaughtyStringsStayWhatTheyAre,./internal/web,-count=1 -prove)
	$(call alone,TestPeopleAreVisibleInAFlood,./infra/local,-count=1 -prove)
	$(call alone,TestTheWholeWayWithoutScriptOnATelephone,./infra/local,-count=1)
	$(call alone,TestEveryPageInEveryStateOnEveryScreen,./infra/local,-count=1 -prove)
	@targets=$$(go test -list '^Fuzz' ./... | awk '/^Fuzz/ { name[n++] = $$1 } /^ok/ { for (i = 0; i < n; i++) print name[i], $$2; n = 0 }'); \
	while read -r name package; do \
		if [ -n "$$name" ]; then (set -x; go test -run '^$$' -fuzz "^$$name\$$" -fuzztime 30s -fuzzminimizetime 10x "$$package"); fi; \
	done <<< "$$targets"

# The CloudFormation of every municipality in schemas/municipalities, into cdk.out. Nothing is looked up or told to
# anybody. A fault that a check finds ends it: CDK's validator, cdk-nag, cfn-lint.
synth: node sbom
	@rm -rf cdk.out
	@CDK_DISABLE_CLI_TELEMETRY=true CDK_DISABLE_VERSION_CHECK=true \
		node_modules/.bin/cdk synth '**' --strict --quiet --no-notices --no-lookups
	@if command -v cfn-lint > /dev/null; then cfn-lint -i W3005 -- cdk.out/assembly-*/*.template.json; \
	else echo '*** cfn-lint is not on this machine: the templates are NOT checked with it. pip install cfn-lint ***' >&2; fi

# The figures, and which bounds hold. RECORD=-record adds them to .github/figures.jsonl.
bench: store
	@go run ./infra/local/bench $(RECORD)

# A restored case table is checked, and what it owed is held: the drill, against a local store with example data.
drill: store
	go test -count=1 -v -run '^TestTheDrill$$' ./infra/restore

# The functions as they ship: one bootstrap each in build/functions/, the same bytes wherever they are built. The tests
# build them into $(FUNCTIONS) for the machine they run on ($(ARCH)).
ARCH := arm64
FUNCTIONS := build/functions
build:
	@for main in functions/*/main.go; do \
		name=$$(basename "$$(dirname "$$main")"); \
		CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) go build -trimpath -buildvcs=false -tags lambda.norpc \
			-ldflags='-s -w -buildid=' -o "$(FUNCTIONS)/$$name/bootstrap" "./functions/$$name"; \
	done

# What is in them: a list for each function, in build/sbom.
sbom: build
	@go run ./infra/sbom $(FUNCTIONS) build/sbom

# The screenshots of the README, from real pages.
pictures: store node chromium
	go test -count=1 -run '^TestTheWholeWay' ./infra/local -pictures

## What they need

voordeur:
	@go build -o build/voordeur ./infra/local

compile:
	go build ./...

# The local store. npm quietly installs nothing on another platform, so what counts is the binary.
store:
	@if [ -n "$${DYNOXIDE_BIN:-}" ] || [ -x $(STORE) ]; then exit 0; fi; \
	if [ "$$(uname -sm)" != 'Linux x86_64' ]; then \
		echo "The packaged store is for Linux x86_64 and this is $$(uname -sm): point DYNOXIDE_BIN at a Dynoxide binary." >&2; exit 1; fi; \
	if ! command -v npm > /dev/null; then \
		echo 'npm is missing: install Node 20 or newer, or point DYNOXIDE_BIN at a Dynoxide binary.' >&2; exit 1; fi; \
	npm ci --omit=dev --no-audit --no-fund --loglevel=error >&2; \
	if [ ! -x $(STORE) ]; then echo 'npm ci did not install the store: point DYNOXIDE_BIN at a Dynoxide binary.' >&2; exit 1; fi

# What tests and the style sheet need of Node.
node:
	@if [ -d node_modules/axe-core ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then exit 0; fi; \
	if ! command -v npm > /dev/null; then echo 'npm is missing: the tests need Node 20 or newer.' >&2; exit 1; fi; \
	npm ci --no-audit --no-fund --loglevel=error

# The browser of the page tests, and letters for every language.
chromium:
	@if command -v chromium > /dev/null && fc-list | grep NotoSans > /dev/null; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then \
		echo 'Chromium or its fonts are missing: sudo apt-get install chromium fonts-noto-core' >&2; exit 1; fi; \
	apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fontconfig

## The checks beside the tests

tidy:
	$(call silent,go mod tidy -diff)

fix:
	$(call silent,go fix -diff ./...)

vet:
	go vet ./...

# The committed style sheet is the one its sources make.
style: node
	node .tools/style/build.mjs --check

deadcode: $(TOOLS)/deadcode
	$(call silent,$(TOOLS)/deadcode -test ./...)

lint: $(TOOLS)/golangci-lint
	$(call silent,$(TOOLS)/golangci-lint fmt --diff)
	$(TOOLS)/golangci-lint run

# Tools are pinned in .tools/go.mod, apart from the product; building the linter takes minutes, once.
$(TOOLS)/golangci-lint: .tools/go.mod .tools/go.sum
	go build -modfile=.tools/go.mod -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(TOOLS)/deadcode: .tools/go.mod .tools/go.sum
	go build -modfile=.tools/go.mod -o $@ golang.org/x/tools/cmd/deadcode
