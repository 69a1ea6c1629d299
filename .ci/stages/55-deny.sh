#!/usr/bin/env bash
# Licences, sources and banned crates, by deny.toml. No advisories: their database is not fetched here.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

cargo_tool cargo-deny "$CARGO_DENY" cargo-deny
cargo deny --locked check bans licenses sources
