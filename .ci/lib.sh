# What the stages share: where things are, and how a missing tool is had. Sourced, never run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CI_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/entra-token-ci
export ROOT CI_CACHE
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=0

# One version each, so that a new release of a tool never turns a run red.
export CARGO_DENY=0.20.2

die() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

# A file on PATH, not one of the shell's own words.
have() {
    type -P "$1" >/dev/null
}

# need COMMAND=PACKAGE...: installs the packages of the commands that are missing.
need() {
    local pair
    local -a missing=()
    for pair in "$@"; do
        have "${pair%%=*}" || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! have apt-get || [ "$(id -u)" -ne 0 ]; then
        die "these are missing: ${missing[*]}"
    fi
    if [ ! -e "$CI_TMP/apt-updated" ]; then
        apt-get update -qq >/dev/null
        touch "$CI_TMP/apt-updated"
    fi
    printf 'installing %s\n' "${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    for pair in "$@"; do
        have "${pair%%=*}" || die "\`${pair%%=*}\` is still missing after installing ${pair#*=}"
    done
}

# cargo_tool NAME VERSION COMMAND: builds it once for this compiler and puts it on PATH.
cargo_tool() {
    local rustc home
    rustc=$(rustc -vV | sha256sum | cut -c1-8)
    home=$CI_CACHE/tools/$1-$2-$rustc
    if ! "$home/bin/$3" --version 2>/dev/null | grep -qF "$2"; then
        printf 'building %s %s\n' "$1" "$2"
        rm -rf "$CI_CACHE/tools/$1-"*
        # A checker of a few hundred crates need not be fast, but must be built soon.
        CARGO_TARGET_DIR=$CI_TMP/tool CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
            CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0 \
            cargo install --quiet --locked --version "$2" --root "$home" "$1"
        rm -rf "$CI_TMP/tool"
    fi
    PATH=$home/bin:$PATH
}

# The program as ./install.sh makes it, and the sandbox.
release_binary() {
    printf '%s' "$CARGO_TARGET_DIR/installed/bin/entra-token"
}

sandbox_binary() {
    printf '%s' "$CARGO_TARGET_DIR/debug/entra-sandbox"
}

# Both, of this very source: when a late stage is run alone, its binaries are made first.
need_binaries() {
    [ -e "$CI_TMP/released" ] || bash "$ROOT/.ci/stages/60-release.sh"
    cargo build --workspace --bins --locked
    ENTRA_TOKEN=$(release_binary)
    ENTRA_SANDBOX=$(sandbox_binary)
    export ENTRA_TOKEN ENTRA_SANDBOX
}

# The two that ENTRA_TOKEN and ENTRA_SANDBOX name, else both of this source: for benches, which people run by hand.
given_or_built() {
    [ -z "${ENTRA_TOKEN:-}" ] || [ -z "${ENTRA_SANDBOX:-}" ] || return 0
    export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
    (cd "$ROOT" && "$ROOT/install.sh" --prefix "$CARGO_TARGET_DIR/installed" && cargo build --workspace --bins --locked) >&2
    ENTRA_TOKEN=$(release_binary)
    ENTRA_SANDBOX=$(sandbox_binary)
}

# The shell scripts among the files of the project, tracked or not yet added.
shell_scripts() {
    local path
    project_files | while IFS= read -r path; do
        [ -f "$path" ] || continue
        case $path in
            *.sh) printf '%s\n' "$path" ;;
            *) head -c 64 "$path" | head -n 1 | grep -aqE '^#!.*\b(ba|da)?sh\b' && printf '%s\n' "$path" ;;
        esac
    done || true
}

project_files() {
    git ls-files --cached --others --exclude-standard
}
