#!/usr/bin/env bash
# Licences, sources and banned crates, by deny.toml. No advisories: their database is not fetched here.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

cargo_tool cargo-deny "$CARGO_DENY" cargo-deny
cargo deny --locked check bans licenses sources
# The fuzz targets are not given away, so their licences are nobody's business; where their crates come from is ours.
cargo deny --manifest-path fuzz/Cargo.toml --config deny.toml --locked check bans sources
