#!/usr/bin/env bash
# Runs Segment's, RudderStack's and Customer.io's Python SDKs and Segment's Go SDK, unmodified, against Evefan behind a
# proxy that makes faults, kills Evefan in the middle, and counts the rows. Needs Node 18, Python 3.9, Go 1.21 or later
# and psql.
#   src/test/sdk/servers.sh [calls of each SDK, default 300]
set -euo pipefail
cd "$(dirname "$0")/../../.."
mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath.txt
python3 -m venv target/sdk-python
target/sdk-python/bin/pip install --quiet \
  segment-analytics-python==2.4.0 rudder-sdk-python==2.1.9 customerio-cdp-analytics==1.1.0
(cd src/test/sdk/go && go build -o ../../../../target/sdk-go .)
exec node src/test/sdk/servers.js "${1:-300}"
