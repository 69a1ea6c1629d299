#!/usr/bin/env bash
# Real callers, unmodified, against the release binary and the sandbox.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

need python3=python3 node=nodejs npm=npm unshare=util-linux
need_binaries
"$ROOT/tests/clients/run"
