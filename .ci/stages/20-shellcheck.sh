#!/usr/bin/env bash
# Every shell script passes shellcheck.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

need shellcheck=shellcheck
mapfile -t scripts < <(shell_scripts)
shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
printf '%d scripts\n' "${#scripts[@]}"
