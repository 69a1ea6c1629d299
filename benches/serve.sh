#!/usr/bin/env bash
# `entra-token serve` at 2,000 requests a second with new connections, beside a static responder in the same run. Prints
# numbers, asserts nothing. Wants ENTRA_TOKEN (the release binary) and ENTRA_SANDBOX, or builds both:
#   bash benches/serve.sh [RATE] [ROUNDS]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/../.ci/lib.sh"
source "$here/../.ci/store.sh"

given_or_built
begin
start_sandbox
make_store 1 1
write_config 0
# It stands on nothing but the standard library.
rustc --edition 2024 -O -o "$WORK/load" "$here/serve.rs"
start_serve env
host_and_path=${DATABRICKS_METADATA_SERVICE_URL#http://127.0.0.1:}
"$WORK/load" "${host_and_path%%/*}" "/${host_and_path#*/}" "$WORKSPACE" "${1:-2000}" "${2:-10}"
