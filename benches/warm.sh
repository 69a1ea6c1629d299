#!/usr/bin/env bash
# How long a call takes, beside `cat` of the token file on the same machine in the same minute. Prints numbers, asserts
# nothing. Wants ENTRA_TOKEN (the release binary) and ENTRA_SANDBOX, or builds both:  bash benches/warm.sh [PAIRS]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/../.ci/lib.sh"
source "$here/../.ci/store.sh"

given_or_built
begin
start_sandbox
make_store 1 1
login=$(find "$WORK/home/.entra-token/v1/logins" -mindepth 1 -maxdepth 1 -type d)
token=$(token_files "$login")
[ "$(wc -l <<<"$token")" -eq 1 ] || die 'expected one token file'
python3 "$here/warm.py" "$ENTRA_TOKEN" "$WORK/home" "$token" "${1:-1000}"
