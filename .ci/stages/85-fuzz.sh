#!/usr/bin/env bash
# Every fuzz target builds, is formatted, and survives a short run from its seeds.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

need c++=g++
cargo fmt --manifest-path fuzz/Cargo.toml --check
FUZZ_SECONDS=${FUZZ_SECONDS:-20} fuzz/run
