#!/usr/bin/env bash
# The code stands as rustfmt writes it.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

cargo fmt --all --check
# What the clients build is a workspace of nobody's.
find tests/clients/programs/rust -name '*.rs' -exec rustfmt --edition 2024 --check {} +
