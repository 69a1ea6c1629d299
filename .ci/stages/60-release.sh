#!/usr/bin/env bash
# The program as ./install.sh makes it: static, and of the size callers expect. Some SDKs take a program of less than
# 1 MiB for a script; more than 6 MB would be a dependency that nobody meant to add.
set -euo pipefail
source "${ROOT:?bash .ci/run STAGE runs this}/.ci/lib.sh"

need musl-gcc=musl-tools file=file
# With a word of its own where a registry of targets cannot be reached, before the installer takes another way.
musl=$(uname -m)-unknown-linux-musl
rustup target add "$musl" || rustup target add "$musl" || die "rustup could not add $musl"

"$ROOT/install.sh" --prefix "${CARGO_TARGET_DIR:?}/installed"
binary=$(release_binary)

file "$binary"
file "$binary" | grep -qE 'statically linked|static-pie linked' || die 'the release binary is not static'
! file "$binary" | grep -q 'not stripped' || die 'the release binary is not stripped'
size=$(stat -c %s "$binary")
printf '%d bytes\n' "$size"
[ "$size" -ge 1100000 ] || die 'the release binary is under 1.1 MB: some SDKs take it for a script'
[ "$size" -le 6000000 ] || die 'the release binary is over 6 MB'
touch "${CI_TMP:?}/released"
