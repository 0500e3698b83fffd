# make run    builds everything and serves the sample city on http://localhost:8080
# make hub    builds the hub that several servers and kiosks follow
# make test   installs what the tests need and runs all of them
# make lint   gofmt, go vet, staticcheck, govulncheck
# make bench  prints each figure beside its target
# make release       writes the program, its Debian packages and the list of its parts to build/release
# make release-test  builds a release twice and compares the bytes
# make package-test  installs the package in a clean Debian tree and runs it
# make qgis-test     installs QGIS, which is large, and reads layers with it
# make fuzz   runs every fuzz target for FUZZTIME

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0
FUZZTIME    = 30s

client_sources = $(shell find web/client -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

worker_sources = $(shell find geo hazard i18n tiles web/view web/offline cmd/hazardmap-wasm -type f -not -name '*_test.go' -not -path '*/testdata/*' 2>/dev/null) go.mod

.PHONY: run build hub client test test-go test-browser lint bench fuzz terms release release-test package-test clean

run: build
	bin/hazardmap serve -demo

build: client
	go build -trimpath -o bin/hazardmap ./cmd/hazardmap

hub:
	go build -trimpath -o bin/hazardmap-hub ./cmd/hazardmap-hub

client: web/dist/.built web/dist-worker/.built

web/dist/.built: $(client_sources)
	cd web/client && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	touch $@

web/dist-worker/.built: $(worker_sources)
	node cmd/hazardmap-wasm/build.mjs
	touch $@

test: tools lint test-go test-browser

.PHONY: tools
tools:
	.ci/tools

test-go: client
	go test -race ./...

test-browser: build
	cd web/browser && npm ci --no-audit --no-fund --loglevel=error && npm test

.PHONY: qgis-test
qgis-test: client
	.ci/tools qgis
	go test -run QGIS -count 1 -v ./web

lint: client
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt: $$out"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	GOOS=js GOARCH=wasm go vet ./geo ./hazard ./geo/gazetteer ./i18n ./web/view ./web/offline ./cmd/hazardmap-wasm
	@if timeout 120 go run $(GOVULNCHECK) ./... >/tmp/hazardmap-vuln.txt 2>&1; then echo "govulncheck: no known weakness"; \
	elif grep -q 'Vulnerability #' /tmp/hazardmap-vuln.txt; then cat /tmp/hazardmap-vuln.txt; exit 1; \
	else echo "govulncheck: its database cannot be reached from here, not checked"; fi

bench: tools-bench build
	go run -C hazard/bench .
	go run -C tiles/bench .
	go test -run '^$$' -bench . -cpu 1 ./geo/gazetteer
	go test -run '^$$' -bench . ./web ./web/view ./geo/geojson
	go run ./cmd/hazardmap-bench
	go test -run PhoneAgrees -v -timeout 1h ./cmd/hazardmap-wasm -points 100000 -searches 2000
	HAZARDMAP_TEST_LONG=1 go test -count 1 -v -timeout 60m -run '^(TestSwapsUnderLoad|TestCrash|TestServingRefusesDamage)$$' ./cmd/hazardmap ./mbtiles/store ./mbtiles/dataset
	HAZARDMAP_TEST_LONG=1 go test -count 1 -v -timeout 30m -run '^(TestLineCutTwice|TestReplicasBehindNginx)$$' ./cmd/internal/fleet ./cmd/hazardmap
	cd web/browser && npm ci --no-audit --no-fund --loglevel=error
	cd web/bench && npm ci --no-audit --no-fund --loglevel=error && npm run --silent bench

.PHONY: tools-bench
tools-bench:
	.ci/tools bench

fuzz:
	@for pkg in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; done

release: client
	go run ./cmd/hazardmap-release -o build/release

release-test: client
	cmd/internal/release/release-test

package-test: release
	cmd/internal/release/package-test build/release

terms:
	@go run ./cmd/hazardmap-terms

clean:
	rm -rf bin build web/dist web/dist-worker web/client/node_modules web/browser/node_modules
