#!/usr/bin/env bash
# The code stands as rustfmt writes it.
set -euo pipefail
source "$ROOT/.ci/lib.sh"

cargo fmt --all --check
