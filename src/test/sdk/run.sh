#!/usr/bin/env bash
# Runs the Node, browser and Java SDKs, unmodified, against Evefan behind a proxy that makes faults, kills Evefan in the
# middle, and checks that every call is stored exactly once in PostgreSQL. Needs Node 18 or later, Chromium and psql.
#   src/test/sdk/run.sh [calls of each SDK, default 500]
set -euo pipefail
cd "$(dirname "$0")/../../.."
mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath.txt
(cd src/test/sdk && npm install --no-package-lock --silent)
exec node src/test/sdk/run.js "${1:-500}"
