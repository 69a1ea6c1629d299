#!/usr/bin/env bash
# The suite, as README.md says to run it. The sandbox is built with it.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

cargo test --workspace --locked
