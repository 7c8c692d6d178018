#!/usr/bin/env bash
# Builds the gateway as it ships into artifacts/publish. CI tests these files and the Dockerfile makes them with this
# same script, so what was tested is what runs.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet publish src/MediaGateway.Server --configuration Release --output artifacts/publish --nologo --verbosity quiet
