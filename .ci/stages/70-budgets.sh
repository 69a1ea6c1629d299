#!/usr/bin/env bash
# What a warm call may cost.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

need_binaries
need strace=strace valgrind=valgrind jq=jq time=time curl=curl pkill=procps
bash "$ROOT/.ci/budgets.sh"
