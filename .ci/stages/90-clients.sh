#!/usr/bin/env bash
# Real callers, unmodified, against the release binary.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

if [ ! -x "$ROOT/tests/clients/run" ]; then
    printf 'no clients yet\n'
    exit 0
fi
need_binaries
"$ROOT/tests/clients/run"
