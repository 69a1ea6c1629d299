#!/usr/bin/env bash
# Every shell script passes shellcheck.
set -euo pipefail
source "$ROOT/.ci/lib.sh"

need shellcheck=shellcheck
mapfile -t scripts < <(shell_scripts)
shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
printf '%d scripts\n' "${#scripts[@]}"
