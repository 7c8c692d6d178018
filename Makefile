.DEFAULT_GOAL := help
.PHONY: help run test test-unit test-browser drills fuzz meetings offers requests bandwidth lines load bench bench-compare bench-fanout bench-memory bench-micro bench-overload bench-relay screenshots pictures protos-baseline lint format install publish pack clean

help: ## List these verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

run: ## Run the gateway in development mode; it prints the address of its page
	dotnet run --project src/MediaGateway.Server

test: ## Install what is missing, build, and run every test (what CI runs, without the linters)
	bash tests/run.sh all

test-unit: ## Only the C# tests and a short fuzz run
	bash tests/run.sh unit

test-browser: ## Only the attack drills, the real browsers, the other WebRTC stacks and the deployment files
	bash tests/run.sh browser

drills: publish ## Attack the gateway in every way of docs/security.md while a call goes on, SECONDS seconds each (default 1, about 90 s)
	dotnet build tests/MediaGateway.Attack --configuration Release --nologo --verbosity quiet
	tests/netns.sh dotnet run --project tests/MediaGateway.Attack --configuration Release --no-build -- --seconds $(or $(SECONDS),1) $(FLAGS)

fuzz: ## Fuzz every parser for SECONDS seconds (default 300)
	dotnet run --project tests/MediaGateway.Fuzz --configuration Release -- --seconds $(or $(SECONDS),300)

meetings: ## Hold SEEDS random meetings in virtual time (default 500, about 35 s)
	MEETING_SEEDS=$(or $(SEEDS),500) dotnet test tests/MediaGateway.Sfu.Tests --configuration Release --filter FullyQualifiedName~RandomMeeting

offers: ## Answer SEEDS generated offers from each side (default 200,000, about 40 s)
	OFFER_SEEDS=$(or $(SEEDS),200000) dotnet test tests/MediaGateway.Rtc.Tests --configuration Release --filter FullyQualifiedName~OfferSpace

requests: ## Send SEEDS generated requests to each call of each API, in each form (default 400, about 30 s)
	REQUEST_SEEDS=$(or $(SEEDS),400) dotnet test tests/MediaGateway.Server.Tests --configuration Release --filter FullyQualifiedName~Server.Tests.Requests

bandwidth: ## Print what viewers behind thin and changing lines have of them, with SEEDS seeds a case (default 10); CASE picks one, such as 5.6
	dotnet run --project loadtests/MediaGateway.BandwidthTable --configuration Release -- $(or $(SEEDS),10) $(CASE)

lines: publish ## Print what real browsers behind thin and changing lines have of them, in RUNS runs a case (default 3, about 25 min); CASE picks one, such as 6, BROWSER=firefox the other browser
	bash tests/install.sh browser
	tests/netns.sh node tests/browser/lines.mjs $(or $(RUNS),3) $(CASE)

load: publish ## Run the load tester's SCENARIO (default livestream) against the gateway; FLAGS adds options, such as FLAGS="--viewers 500"
	dotnet run --project loadtests/MediaGateway.LoadTester --configuration Release -- run loadtests/MediaGateway.LoadTester/scenarios/$(or $(SCENARIO),livestream).json $(FLAGS)

bench: ## Measure the latency of the gateway beside a bare UDP echo (about 20 s, wants quiet cores)
	dotnet run --project loadtests/MediaGateway.LatencyBench --configuration Release

bench-compare: ## Compare the gateway with Janus and with its floor, 10 to 500 viewers (about 30 min, wants quiet cores)
	bash loadtests/compare.sh

bench-fanout: ## Measure the CPU time of a packet to many viewers beside its floor (about 8 min, wants quiet cores)
	dotnet run --project loadtests/MediaGateway.FanoutBench --configuration Release

bench-micro: ## Measure the datapath's parts as ratios to a copy of 1,200 bytes (about 60 s, wants a quiet core)
	dotnet run --project loadtests/MediaGateway.MicroBench --configuration Release

bench-memory: publish ## Measure the gateway's memory for each participant of a meeting of twenty, by type of object (about 1 min)
	dotnet run --project loadtests/MediaGateway.LoadTester --configuration Release -- memory loadtests/MediaGateway.LoadTester/scenarios/meeting.json

bench-overload: publish ## Offer the gateway twice what it carries, and take it back (about 2 min, wants quiet cores)
	dotnet run --project loadtests/MediaGateway.LoadTester --configuration Release -- overload loadtests/MediaGateway.LoadTester/scenarios/overload.json

bench-relay: ## Measure the CPU time of a packet with one worker and with two (about 6 min, wants quiet cores)
	dotnet run --project loadtests/MediaGateway.FanoutBench --configuration Release 125,250,500 3 5 256 "gateway, segmented/two workers"

screenshots: publish ## Take the pictures of the page for docs/images
	bash tests/install.sh browser
	cd tests/browser && npm run --silent screenshots

pictures: publish ## Take the pictures of metrics and a trace for docs/images, from a gateway under load (about 2 min, wants quiet cores)
	bash tests/install.sh browser
	dotnet build loadtests/MediaGateway.LoadTester --configuration Release --nologo --verbosity quiet
	node tests/deployment/pictures.mjs

protos-baseline: ## Make the control API's contracts of today what later ones must not break (protos/baseline.binpb)
	bash tests/install.sh browser
	tests/control/node_modules/.bin/buf build protos --path protos/mediagateway --exclude-source-info --output protos/baseline.binpb

lint: ## Check the formatting of the C# and the syntax of everything else
	bash tests/lint.sh

format: ## Format the C#
	dotnet format MediaGateway.sln

install: ## Install what the tests need (Debian 12)
	bash tests/install.sh

publish: ## Build the gateway as it ships into artifacts/publish
	bash tests/publish.sh

pack: ## Pack the client of the control API into artifacts/packages
	bash tests/pack.sh

clean: ## Remove everything that was built
	git clean -fdXq -e '!tests/browser/node_modules'
