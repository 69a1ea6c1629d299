#!/usr/bin/env bash
# Every fuzz target builds, is formatted, and survives a short run from its seeds.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

need c++=g++
cargo fmt --manifest-path fuzz/Cargo.toml --check
# The same inputs each time, so that a run is red for what was changed and not by chance; long runs from chance are for
# people: FUZZ_SECONDS=600 fuzz/run.
export FUZZ_SECONDS=${FUZZ_SECONDS:-30} FUZZ_SEED=${FUZZ_SEED:-1} FUZZ_RUNS=${FUZZ_RUNS:-5000}
fuzz/run
