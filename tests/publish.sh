#!/usr/bin/env bash
# Builds the gateway as it ships into artifacts/publish. CI tests these files and the Dockerfile makes them with this
# same script, so what was tested is what runs. It comes compiled for the kind of machine it is built on, so that the
# first who join do not wait for the just-in-time compiler; what runs often is compiled again.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet publish src/MediaGateway.Server --configuration Release --use-current-runtime --no-self-contained \
  --property:PublishReadyToRun=true --output artifacts/publish --nologo --verbosity quiet
