#!/usr/bin/env bash
# No warning anywhere, tests and benchmarks included.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

cargo clippy --workspace --all-targets --locked -- -D warnings
