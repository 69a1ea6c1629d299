#!/usr/bin/env bash
# install.sh as people use it and misuse it: a home and a prefix of its own, with a space in each.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

work="${CI_TMP:?}/a home"
mkdir -p "$work"
# rustup and cargo find their own through HOME unless told.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export HOME=$work
unset PREFIX ENTRA_TOKEN_HOME

# expect STATUS PATTERN ARGUMENT...: runs install.sh, with ONLY_PATH as PATH if set; PATTERN is searched in everything it
# printed.
expect() {
    local wanted=$1 pattern=$2 status=0 output
    shift 2
    output=$(timeout 900 env PATH="${ONLY_PATH:-$PATH}" "$ROOT/install.sh" "$@" 2>&1) || status=$?
    if [ "$status" -ne "$wanted" ] || ! grep -qE -- "$pattern" <<<"$output"; then
        printf '%s\n' "$output"
        die "install.sh $*: exit $status, expected $wanted and \`$pattern\`"
    fi
    printf 'ok: install.sh %s\n' "$*"
}

gone() {
    if [ -e "$1" ] || [ -L "$1" ]; then
        die "\`$1\` is still there"
    fi
}

there() {
    [ -e "$1" ] || die "\`$1\` is gone"
}

wrong_calls() {
    expect 0 '^usage: ' --help
    expect 2 'unknown argument' --frobnicate
    expect 2 'needs a folder' --prefix
    expect 2 'needs a folder' --prefix=
    expect 2 'exclude each other' --uninstall --try
    gone "$HOME/.local/bin"
}

install_and_remove() {
    local prefix="$work/a prefix"
    expect 0 'is not on PATH; add it' --prefix "$prefix"
    env -i "$prefix/bin/entra-token" --version
    [ "$(stat -c %a "$prefix/bin/entra-token")" = 755 ] || die 'the program is not mode 755'
    PATH="$prefix/bin:$PATH" expect 0 'next: entra-token login --help' --prefix "$prefix"

    ln -s entra-token "$prefix/bin/az"
    ln -s /bin/true "$prefix/bin/other"
    mkdir -p "$HOME/.entra-token/v1/logins/one"
    expect 0 'logins are kept' --uninstall --prefix "$prefix"
    gone "$prefix/bin/entra-token"
    gone "$prefix/bin/az"
    there "$prefix/bin/other"
    there "$HOME/.entra-token/v1/logins/one"
    [ "$(find "$prefix/bin" -mindepth 1 | wc -l)" -eq 1 ] || die 'something was left behind'
    expect 0 'no entra-token in' --uninstall --prefix "$prefix"
}

default_prefix() {
    expect 0 "installed $HOME/.local/bin/entra-token"
    expect 0 "removed $HOME/.local/bin/entra-token" --uninstall
}

purge() {
    local foreign="$work/foreign"
    mkdir -p "$foreign/v1"
    touch "$foreign/thesis.txt"
    ENTRA_TOKEN_HOME=$foreign expect 1 'does not look like' --purge
    there "$foreign/thesis.txt"

    ln -sfn "$foreign" "$work/link"
    ENTRA_TOKEN_HOME=$work/link expect 1 'is a link' --purge

    mkdir -p "$HOME/.entra-token/v1/logins/one" "$HOME/.entra-token/v8-engine"
    touch "$HOME/.entra-token/config.toml"
    expect 0 'kept .* something else is in it' --purge
    gone "$HOME/.entra-token/v1"
    gone "$HOME/.entra-token/config.toml"
    there "$HOME/.entra-token/v8-engine"

    rmdir "$HOME/.entra-token/v8-engine"
    mkdir -p "$HOME/.entra-token/v1/pointers"
    expect 0 'removing every login' --purge
    gone "$HOME/.entra-token"
    expect 0 'no logins in' --purge
}

bad_places() {
    mkdir -p "$work/taken/bin/entra-token"
    expect 1 'is a folder' --prefix "$work/taken"
    expect 1 'cannot write to' --prefix /proc/1
    touch "$work/file"
    expect 1 'cannot write to' --prefix "$work/file"
}

# A PATH with just the commands named, beside the basic ones.
path_of() {
    local dir=$CI_TMP/path command
    rm -rf "$dir"
    mkdir -p "$dir"
    for command in sh env awk sed head tr cut ls cat cp mv rm rmdir mkdir chmod id wc dirname uname printenv readlink "$@"; do
        ln -s "$(command -v "$command")" "$dir/$command"
    done
    printf '%s' "$dir"
}

missing_tools() {
    CARGO_HOME=$work/none ONLY_PATH=$(path_of) expect 1 'Rust is not installed'
    mkdir -p "$work/old"
    printf '#!/bin/sh\nprintf "release: 1.70.0\\nhost: x86_64-unknown-linux-gnu\\n"\n' >"$work/old/rustc"
    printf '#!/bin/sh\n' >"$work/old/cargo"
    chmod +x "$work/old/rustc" "$work/old/cargo"
    PATH=$work/old:$PATH expect 1 'Rust 1.70.0 is too old'
    rm -f "$work/old/cargo" "$work/old/rustc"
    CARGO_HOME=$work/none ONLY_PATH=$(path_of cargo rustc) expect 1 'no C compiler'
}

try() {
    expect 0 'nothing is installed' --try
    gone "$HOME/.local/bin/entra-token"
}

wrong_calls
bad_places
missing_tools
install_and_remove
default_prefix
purge
try
