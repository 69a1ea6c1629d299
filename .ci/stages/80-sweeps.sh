#!/usr/bin/env bash
# Sweeps of the release binary by system call: killed, out of disk, and so on at each one.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

shopt -s nullglob
sweeps=("$ROOT"/tests/sweeps/*.sh)
if [ ${#sweeps[@]} -eq 0 ]; then
    printf 'no sweeps yet\n'
    exit 0
fi
need_binaries
need strace=strace jq=jq
for sweep in "${sweeps[@]}"; do
    printf -- '-- %s\n' "${sweep#"$ROOT"/}"
    bash "$sweep"
done
