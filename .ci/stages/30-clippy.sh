#!/usr/bin/env bash
# No warning anywhere, tests and benchmarks included.
set -euo pipefail
source "$ROOT/.ci/lib.sh"

cargo clippy --workspace --all-targets --locked -- -D warnings
