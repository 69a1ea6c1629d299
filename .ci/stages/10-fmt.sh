#!/usr/bin/env bash
# The code stands as rustfmt writes it.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

cargo fmt --all --check
