# A sandbox, a home with a login in it, and stores of any size: for whatever measures or sweeps the release binary.
# Sourced by .ci/budgets.sh, the benches and tests/sweeps. Wants ENTRA_TOKEN and ENTRA_SANDBOX, the two programs.
# shellcheck shell=bash

# Sets WORK, an empty folder of our own, and sees to it that nothing of us is left when the caller ends.
begin() {
    : "${ENTRA_TOKEN:?names no program}" "${ENTRA_SANDBOX:?names no program}"
    WORK=$(mktemp -d)
    SANDBOX_PID=
    SERVE_PID=
    trap finish EXIT
}

finish() {
    end_serve
    [ -z "$SANDBOX_PID" ] || kill "$SANDBOX_PID" 2>/dev/null || true
    rm -rf "$WORK"
}

# Starts an Entra ID on loopback; sets AUTHORITY and WORKSPACE (both plain http), TENANT and REFRESH_TOKEN (of the first
# user) from the line that it prints, which is in `$WORK/sandbox.json` with all the rest. It ends when its input does, so it
# cannot outlive us.
start_sandbox() {
    local input output
    mkfifo "$WORK/sandbox.in" "$WORK/sandbox.out"
    "$ENTRA_SANDBOX" serve <"$WORK/sandbox.in" >"$WORK/sandbox.out" 2>"$WORK/sandbox.log" &
    SANDBOX_PID=$!
    # shellcheck disable=SC2034 # held open, not used
    exec {input}>"$WORK/sandbox.in" {output}<"$WORK/sandbox.out"
    if ! timeout 20 head -n 1 <&"$output" >"$WORK/sandbox.json" || ! [ -s "$WORK/sandbox.json" ]; then
        cat "$WORK/sandbox.log" >&2
        die 'the sandbox did not start'
    fi
    AUTHORITY=$(described .authority_http)
    WORKSPACE=$(described .workspace_http)
    TENANT=$(described .tenant)
    REFRESH_TOKEN=$(described '.refresh_tokens[.users[0]]')
    export AUTHORITY WORKSPACE TENANT
}

# start_serve [TOOL...]: `serve` for the workspace, under a measuring tool; sets SERVE_PID, and the variables that it tells.
start_serve() {
    rm -f "$WORK/serve"
    # By exec, so that the process that is ended is no shell that waits for it.
    (exec env -i HOME="$WORK/home" PATH=/usr/bin:/bin TZ=UTC "$@" "$ENTRA_TOKEN" serve --host "$WORKSPACE") \
        >"$WORK/serve" 2>"$WORK/serve.log" &
    SERVE_PID=$!
    local _
    for _ in {1..400}; do
        if grep -q AZD_AUTH_KEY "$WORK/serve"; then
            # shellcheck source=/dev/null
            source "$WORK/serve"
            return
        fi
        sleep 0.05
    done
    cat "$WORK/serve.log" >&2
    die 'serve did not start'
}

end_serve() {
    # A tool that measures it, such as strace, ends with it and not before.
    [ -z "$SERVE_PID" ] || pkill -P "$SERVE_PID" || kill "$SERVE_PID" 2>/dev/null || true
    [ -z "$SERVE_PID" ] || wait "$SERVE_PID" 2>/dev/null || true
    SERVE_PID=
}

# described JQ-FILTER: something of what the sandbox said about itself.
described() {
    jq -er "$1" "$WORK/sandbox.json" || die "the sandbox did not say its \`$1\`"
}

# as_user COMMAND...: with the home of these measurements and nothing else in the environment.
as_user() {
    env -i HOME="$WORK/home" PATH=/usr/bin:/bin TZ=UTC "$@"
}

# make_store LOGINS TOKENS: a new home with that many logins of that many tokens each. The one that counts came from the
# sandbox; the others are copies of it under other names, so this knows nothing of what is inside the files.
make_store() {
    local logins=$1 tokens=$2 login copy n
    rm -rf "${WORK:?}/home"
    mkdir -m 700 "$WORK/home"
    sign_in
    login=$(find "$WORK/home/.entra-token/v1/logins" -mindepth 1 -maxdepth 1 -type d)
    [ "$(wc -l <<<"$login")" -eq 1 ] || die 'one sign-in made several logins'
    copy=$WORK/template
    rm -rf "$copy"
    cp -a "$login" "$copy"
    add_tokens "$login" "$tokens"
    add_tokens "$copy" "$tokens"
    for ((n = 1; n < logins; n++)); do
        cp -al "$copy" "$(dirname "$login")/$(name_like "$(basename "$login")" "$n")"
    done
}

# Signs in without a person, and gets one token, so that the next call is a warm one.
sign_in() {
    mkdir -m 700 "$WORK/home/.entra-token"
    write_config 0
    as_user "$ENTRA_TOKEN" login --refresh-token-stdin --host "$WORKSPACE" <<<"$REFRESH_TOKEN" >/dev/null
    as_user "$ENTRA_TOKEN" get >/dev/null
    rm "$WORK/home/.entra-token/config.toml"
}

# write_config PROFILES: tells the program that the sandbox's workspace may be trusted, and adds that many profiles.
write_config() {
    local n
    {
        printf '[[host]]\nname = "%s"\nauthority = "%s"\n' "$WORKSPACE" "$AUTHORITY"
        printf 'resource = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"\n'
        for ((n = 1; n <= $1; n++)); do
            printf '\n[profiles.p%d]\nhost = "%s"\nauthority_host = "%s"\n' "$n" "$WORKSPACE" "$AUTHORITY"
        done
    } >"$WORK/home/.entra-token/config.toml"
    chmod 600 "$WORK/home/.entra-token/config.toml"
}

# The files of a login that hold an access token.
token_files() {
    find "$1" -maxdepth 1 -type f -size +0 ! -name 'login.json' ! -name '*.lock' ! -name '*lock'
}

add_tokens() {
    local token n
    token=$(token_files "$1" | head -n 1)
    [ -n "$token" ] || die "no token file in \`$1\`"
    for ((n = 1; n < $2; n++)); do
        cp -a "$token" "$1/token-$(name_like "$(basename "${token#*/token-}")" "$n")"
    done
}

# name_like abcdef01.json 7: as long, with the same ending, and another name for each number.
name_like() {
    local stem=${1%%.*} hash
    hash=$(printf '%s %s' "$1" "$2" | sha512sum)
    printf '%s%s' "${hash:0:${#stem}}" "${1#"$stem"}"
}
