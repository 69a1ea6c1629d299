#!/usr/bin/env bash
# The suite, as README.md says to run it. The sandbox is built with it.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

# The README's examples use these.
need /usr/bin/jq=jq /usr/bin/curl=curl /usr/bin/python3=python3
cargo test --workspace --locked
