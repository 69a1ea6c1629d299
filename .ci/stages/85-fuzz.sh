#!/usr/bin/env bash
# Every fuzz target builds and survives a short run from its seeds.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

if [ -x "$ROOT/fuzz/run" ]; then
    FUZZ_SECONDS=${FUZZ_SECONDS:-20} "$ROOT/fuzz/run"
elif [ -f "$ROOT/fuzz/Cargo.toml" ]; then
    cargo test --manifest-path "$ROOT/fuzz/Cargo.toml" --locked
else
    printf 'no fuzz targets yet\n'
fi
