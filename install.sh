#!/bin/sh
# Builds entra-token from this folder and puts it where programs find it. Needs Rust and a C compiler, nothing else.
#
# Two promises: a working program is never replaced by one that does not run, and nothing outside PREFIX/bin is written,
# except what `--purge` is told to remove (and, for root on Linux, the package that brings musl's C compiler).
# shellcheck disable=SC2016 # in messages a backtick is a quotation mark
set -eu

usage() {
    cat <<'USAGE'
usage: ./install.sh [--prefix DIR]      build and install DIR/bin/entra-token (default: $PREFIX, else ~/.local)
       ./install.sh --try               install nothing: a guided tour against an Entra ID on this computer
       ./install.sh --uninstall [--prefix DIR]
                                        remove the program and the links to it; logins stay
       ./install.sh --purge [--prefix DIR]
                                        the same, and remove every stored login, without asking
       ./install.sh --help
USAGE
}

main() {
    start_dir=$(pwd -P)
    root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
    parse "$@"
    case $action in
        help) usage ;;
        install) install_program ;;
        try) try_program ;;
        uninstall) uninstall ;;
        purge) purge ;;
    esac
}

parse() {
    action=install
    prefix=${PREFIX:-}
    prefix_given=no
    while [ $# -gt 0 ]; do
        case $1 in
            --help | -h) choose help ;;
            --try) choose try ;;
            --uninstall) choose uninstall ;;
            --purge) choose purge ;;
            --prefix)
                [ $# -ge 2 ] || wrong_call '`--prefix` needs a folder'
                shift
                prefix=$1 prefix_given=yes
                ;;
            --prefix=*) prefix=${1#--prefix=} prefix_given=yes ;;
            *) wrong_call "unknown argument \`$1\`" ;;
        esac
        shift
    done
    if [ "$prefix_given" = yes ]; then
        [ -n "$prefix" ] || wrong_call '`--prefix` needs a folder'
        [ "$action" != try ] || wrong_call '`--try` installs nothing, so `--prefix` has no meaning with it'
    fi
}

choose() {
    if [ "$action" != install ] && [ "$action" != "$1" ]; then
        wrong_call "\`--$action\` and \`--$1\` exclude each other"
    fi
    action=$1
}

# ---- install ---------------------------------------------------------------------------------------------------------

install_program() {
    find_bindir
    check_bindir
    check_tools
    choose_target
    build_release
    put_in_place
    report
}

find_bindir() {
    if [ -z "$prefix" ]; then
        [ -n "${HOME:-}" ] || fail '`HOME` is not set' 'name a folder: ./install.sh --prefix DIR'
        prefix=$HOME/.local
    fi
    # A shell leaves the tilde of `--prefix=~/x` as it is.
    # shellcheck disable=SC2088
    case $prefix in
        '~') prefix=${HOME:?} ;;
        '~/'*) prefix=${HOME:?}/${prefix#'~/'} ;;
    esac
    bindir=$(absolute "${prefix%/}/bin")
    program=$bindir/entra-token
}

check_bindir() {
    mkdir -p -- "$bindir" 2>/dev/null || true
    if ! [ -d "$bindir" ] || ! [ -w "$bindir" ]; then
        fail "cannot write to \`$bindir\`" 'choose another folder: ./install.sh --prefix DIR'
    fi
    [ ! -d "$program" ] || fail "\`$program\` is a folder" 'move it away, or choose another folder with --prefix DIR'
}

check_tools() {
    cargo_home=${CARGO_HOME:-${HOME:-}/.cargo}
    if ! have cargo && [ -x "$cargo_home/bin/cargo" ]; then
        PATH=$PATH:$cargo_home/bin
    fi
    needed=$(sed -n 's/^rust-version *= *"\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
    if ! have cargo || ! have rustc; then
        fail 'Rust is not installed, or `cargo` and `rustc` are not on PATH' \
            "install Rust $needed or newer (https://rustup.rs, or your system's packages), then run ./install.sh again"
    fi
    # In the folder of the project, so that rustup's overrides count.
    cd -- "$root"
    rust=$(rustc -vV) || fail '`rustc` does not run, see above' 'rustup default stable'
    found=$(printf '%s\n' "$rust" | sed -n 's/^release: //p')
    at_least "$found" "$needed" ||
        fail "Rust $found is too old, entra-token needs $needed" 'rustup update stable'
    host=$(printf '%s\n' "$rust" | sed -n 's/^host: //p')
    have cc || fail 'no C compiler found (`cc`)' \
        'install one: apt-get install gcc libc6-dev, dnf install gcc, apk add gcc musl-dev, xcode-select --install'
}

# Sets `target`, and `kind` for the report. What is linked statically runs on every Linux of that processor.
choose_target() {
    target=$host kind="for $host"
    case $host in
        *-linux-musl*) kind=static ;;
        x86_64-*-linux-* | aarch64-*-linux-*)
            musl=${host%%-*}-unknown-linux-musl
            if have_std "$musl"; then
                choose_musl_cc
                target=$musl kind=static
            else
                say "$why_not, so this build is for this computer only ($host)"
            fi
            ;;
        *-windows-*) fail 'this script does not install on Windows' "cargo install --locked --path \"$root\"" ;;
    esac
}

have_std() {
    std_is_there "$1" && return
    if ! have rustup; then
        why_not="Rust here has no $1 and rustup is not there to add it"
        return 1
    fi
    say "adding the Rust target $1"
    if rustup target add "$1" >&2 && std_is_there "$1"; then
        return
    fi
    why_not="rustup could not add $1"
    return 1
}

std_is_there() {
    libdir=$(rustc --print target-libdir --target "$1" 2>/dev/null) && ls "$libdir"/libstd-*.rlib >/dev/null 2>&1
}

# Musl's own compiler where it can be had; the system's will do for the little C that is in there.
choose_musl_cc() {
    suffix=$(printf '%s' "$musl" | tr - _)
    # Whoever named a compiler has chosen.
    if is_set "CC_$suffix" || is_set TARGET_CC; then
        return
    fi
    musl_cc=${musl%%-*}-linux-musl-gcc
    if ! have "$musl_cc" && ! have musl-gcc && [ "$(id -u)" = 0 ]; then
        install_musl_cc || true
    fi
    if have "$musl_cc"; then
        export "CC_$suffix=$musl_cc"
    elif have musl-gcc; then
        export "CC_$suffix=musl-gcc"
    else
        # The checked variants of memcpy and the like are glibc's; musl has none.
        export "CC_$suffix=cc" "CFLAGS_$suffix=-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0"
        borrowed_cc=yes
    fi
}

install_musl_cc() {
    if have apt-get; then
        say 'installing the package musl-tools'
        DEBIAN_FRONTEND=noninteractive
        export DEBIAN_FRONTEND
        apt_install musl-tools || { apt-get update -qq >/dev/null 2>&1 && apt_install musl-tools; }
    elif have dnf; then
        say 'installing the packages musl-gcc and musl-libc-static'
        dnf install -y -q musl-gcc musl-libc-static >/dev/null 2>&1
    else
        return 1
    fi
}

apt_install() {
    apt-get install -y -qq --no-install-recommends "$1" </dev/null >/dev/null 2>&1
}

build_release() {
    find_target_dir
    say "building entra-token for $target, which takes a few minutes the first time"
    if build "$target"; then
        return
    fi
    if [ "$target" = "$host" ] || [ "${borrowed_cc:-no}" = no ]; then
        fail 'the build failed, see above' 'nothing was installed or changed'
    fi
    say "the static build failed without musl's own compiler, so this build is for this computer only ($host)"
    target=$host kind="for $host"
    build "$target" || fail 'the build failed, see above' 'nothing was installed or changed'
}

build() {
    built=$target_dir/$1/release/entra-token
    set -- --target "$1" --target-dir "$target_dir"
    # The Rust of such a system links to the system's musl unless told otherwise; rustup's links it in.
    case $host in
        *-linux-musl*) set -- "$@" --config "target.$host.rustflags=['-Ctarget-feature=+crt-static']" ;;
    esac
    cargo build --release --locked --package entra-token --bin entra-token "$@" >&2 && "$built" --version >/dev/null
}

find_target_dir() {
    # Named here and passed on, so that no configuration of cargo hides where the program went.
    target_dir=${CARGO_TARGET_DIR:-$root/target}
    target_dir=$(absolute "$target_dir")
}

put_in_place() {
    fresh=$bindir/.entra-token.$$
    trap 'rm -f -- "$fresh"' EXIT
    trap 'exit 1' HUP INT TERM
    { cp -- "$built" "$fresh" && chmod 755 "$fresh"; } || fail "could not write to \`$bindir\`" 'nothing was changed'
    "$fresh" --version >/dev/null ||
        fail "\`$bindir\` does not let programs run" 'choose another folder: ./install.sh --prefix DIR'
    mv -f -- "$fresh" "$program"
}

report() {
    version=$("$program" --version)
    say "installed $program (${version:+$version, }$kind, $(($(wc -c <"$program") / 1024)) KiB)"
    first=$(command -v entra-token || true)
    case :$PATH: in
        *":$bindir:"*)
            if [ "$first" = "$program" ]; then
                say "$bindir is on PATH"
            else
                say "$bindir is on PATH, but \`$first\` stands before it"
            fi
            next=entra-token
            ;;
        *)
            say "$bindir is not on PATH; add it: export PATH=$(quoted "$bindir"):\"\$PATH\""
            next=$(quoted "$program")
            ;;
    esac
    say "next: $next login --help"
}

# ---- try -------------------------------------------------------------------------------------------------------------

try_program() {
    check_tools
    find_target_dir
    # The programs must come to stand where they are looked for.
    unset CARGO_BUILD_TARGET
    say 'building, which takes a minute the first time; nothing is installed'
    cargo build --locked --workspace --bins --target-dir "$target_dir" >&2 ||
        fail 'the build failed, see above' 'nothing was changed'
    cd -- "$start_dir"
    exec "$target_dir/debug/entra-sandbox" try
}

# ---- uninstall and purge ---------------------------------------------------------------------------------------------

uninstall() {
    find_bindir
    remove_program
    keep_logins
}

purge() {
    find_bindir
    find_store
    remove_program
    remove_logins
}

# The program, and the links beside it by which it answers to other names: without it they lead nowhere.
remove_program() {
    for link in "$bindir"/*; do
        [ -L "$link" ] || continue
        case $(readlink "$link") in
            entra-token | ./entra-token | "$program") rm -f -- "$link" && say "removed the link $link" ;;
        esac
    done
    if [ -e "$program" ] || [ -L "$program" ]; then
        rm -f -- "$program" || fail "could not remove \`$program\`" 'run this as its owner'
        say "removed $program"
    else
        say "no entra-token in $bindir"
    fi
}

store_path() {
    store=${ENTRA_TOKEN_HOME:-}
    if [ -z "$store" ] && [ -n "${HOME:-}" ]; then
        store=$HOME/.entra-token
    fi
}

keep_logins() {
    store_path
    if [ -n "$store" ] && [ -d "$store" ]; then
        say "logins are kept in $store; to remove them: ./install.sh --purge"
    fi
}

# Refuses before anything is removed: a variable that points at the wrong folder must not cost anybody that folder.
find_store() {
    store_path
    [ -n "$store" ] || fail 'neither `ENTRA_TOKEN_HOME` nor `HOME` is set' 'name the folder: ENTRA_TOKEN_HOME=DIR ./install.sh --purge'
    if [ -L "${store%/}" ]; then
        fail "\`$store\` is a link, so its logins were left alone" 'name the folder itself: ENTRA_TOKEN_HOME=DIR ./install.sh --purge'
    fi
    [ -d "$store" ] || return 0
    store=$(absolute "$store")
    is_version "$store/v1" || only_config ||
        fail "\`$store\` does not look like a folder of entra-token (no v1/logins, no v1/pointers in it)" \
            'nothing was removed; check `ENTRA_TOKEN_HOME`'
}

only_config() {
    case $(ls -A -- "$store") in
        config.toml | '') ;;
        *) return 1 ;;
    esac
}

# Removes what entra-token writes, by name, and the folder only if nothing else is in it.
remove_logins() {
    if ! [ -d "$store" ]; then
        say "no logins in $store"
        return
    fi
    say "removing every login, token and setting in $store"
    for part in "$store"/v[0-9] "$store"/v[0-9][0-9]; do
        if is_version "$part"; then
            remove "$part"
        fi
    done
    remove "$store/config.toml"
    if ! rmdir -- "$store" 2>/dev/null; then
        say "kept $store, for something else is in it"
    fi
    say 'copies of them elsewhere stay valid until they are revoked: see SECURITY.md'
}

is_version() {
    [ -d "$1" ] && { [ -d "$1/logins" ] || [ -d "$1/pointers" ]; }
}

remove() {
    rm -rf -- "$1" || fail "could not remove \`$1\`" 'run this as its owner'
}

# ---- words -----------------------------------------------------------------------------------------------------------

say() {
    printf '%s\n' "$1"
}

fail() {
    printf 'error: %s\n' "$1" >&2
    printf 'hint: %s\n' "$2" >&2
    exit 1
}

wrong_call() {
    printf 'error: %s\n' "$1" >&2
    usage >&2
    exit 2
}

have() {
    command -v "$1" >/dev/null 2>&1
}

is_set() {
    [ -n "$(printenv "$1" || true)" ]
}

absolute() {
    case $1 in
        /*) printf '%s\n' "$1" ;;
        *) printf '%s\n' "$start_dir/$1" ;;
    esac
}

# For a line that is meant to be copied into a shell.
quoted() {
    case $1 in
        *[!A-Za-z0-9_./:@%+,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
        *) printf '%s' "$1" ;;
    esac
}

# at_least 1.95.0-nightly 1.90
at_least() {
    awk -v found="$1" -v needed="$2" 'BEGIN {
        split(found, f, "."); split(needed, n, ".")
        for (i = 1; i <= 3; i++) if (f[i] + 0 != n[i] + 0) exit (f[i] + 0 < n[i] + 0)
    }'
}

main "$@"
