#!/usr/bin/env bash
# Runs Segment's snippet, RudderStack's and Jitsu's browser SDKs, unmodified, on pages of another origin against Evefan
# behind a proxy that makes faults, and checks that every call is stored exactly once. Needs Node 18 or later, npm,
# Chromium and psql.
#   src/test/sdk/pages.sh [calls of each SDK, default 60]
set -euo pipefail
cd "$(dirname "$0")/../../.."
mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath.txt
(cd src/test/sdk && npm install --no-package-lock --silent)
src/main/distribution/bin/fetch-sdk 1.84.3 target/sdk
SDK_DIRECTORY=target/sdk exec node src/test/sdk/pages.js "${1:-60}"
