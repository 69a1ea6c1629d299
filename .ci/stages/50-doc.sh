#!/usr/bin/env bash
# Comments become pages without a dead link, private items too.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --locked
