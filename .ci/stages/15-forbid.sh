#!/usr/bin/env bash
# Nothing unfinished, no trace of the computer it was written on, and no download from anywhere but the public registries.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

found=0

# forbid WHY PATTERN [PATHSPEC...]
forbid() {
    local why=$1 pattern=$2
    shift 2
    if git grep -InE --untracked "$pattern" -- "$@"; then
        printf 'error: %s\n' "$why" >&2
        found=1
    fi
}

forbid 'unfinished code' '(^|[^A-Za-z_])(todo|unimplemented|dbg)![[:space:]]*[(\[{]' '*.rs'
forbid 'a path of one computer' '(^|[^]A-Za-z0-9_.~})>-])/(work|root|tmp/wt)/' .
forbid 'the address of a package mirror' 'artifactor[y]|/api/(cargo|npm|pypi|go|debian|maven)/|(extra-)?index-url *=' .

if grep -h '^source = ' Cargo.lock fuzz/Cargo.lock tests/clients/programs/rust/*/Cargo.lock | grep -vF '"registry+https://github.com/rust-lang/crates.io-index"'; then
    printf 'error: a lock file names another source than crates.io\n' >&2
    found=1
fi
exit "$found"
