#!/usr/bin/env bash
# What a warm call of the release binary costs, held against a budget. Only numbers that do not jitter: system calls,
# instructions, memory. Times are compared by benches/warm.sh.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$(dirname "${BASH_SOURCE[0]}")/store.sh"

MAX_CALLS=60
MAX_CALLS_CONFIGURED=80
MAX_INSTRUCTIONS=400000
MAX_KIB=3072
# A face may cost 15 % more.
MAX_CALLS_FACE=69
MAX_INSTRUCTIONS_FACE=460000
MAX_CALLS_SERVE=15
# How much more a call may cost with a thousand logins than with one.
MAX_GROWTH_PERCENT=2

# As azure-identity calls it.
AZ_TOKEN=(account get-access-token --output json --resource 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d)

passed=0
failed=0

main() {
    begin
    start_sandbox
    ln -s "$ENTRA_TOKEN" "$WORK/az"
    printf '{"v":1,"op":"get"}\n' >"$WORK/request"

    make_store 1 1
    local verb kib configured
    local -A calls_with instructions_with
    for verb in get rpc; do
        calls_with[$verb]=$(calls "$verb")
        instructions_with[$verb]=$(instructions "$verb")
        kib=$(resident "$verb")
        within "$verb: system calls" "${calls_with[$verb]}" "$MAX_CALLS"
        within "$verb: instructions" "${instructions_with[$verb]}" "$MAX_INSTRUCTIONS"
        within "$verb: KiB resident" "$kib" "$MAX_KIB"
    done

    within 'az: system calls' "$(calls az "${AZ_TOKEN[@]}")" "$MAX_CALLS_FACE"
    within 'az: instructions' "$(instructions az "${AZ_TOKEN[@]}")" "$MAX_INSTRUCTIONS_FACE"

    write_config 10
    configured=$(calls get --host "$WORKSPACE")
    within 'get --host, ten profiles: system calls' "$configured" "$MAX_CALLS_CONFIGURED"

    # Two numbers of requests, so that what starting costs does not count.
    within 'serve: system calls of 20 warm requests' "$(($(serve_calls 30) - $(serve_calls 10)))" $((20 * MAX_CALLS_SERVE))

    make_store 1000 20
    local calls_now instructions_now
    for verb in get rpc; do
        calls_now=$(calls "$verb")
        instructions_now=$(instructions "$verb")
        same "$verb: system calls with 1,000 logins" "${calls_with[$verb]}" "$calls_now"
        same "$verb: instructions with 1,000 logins" "${instructions_with[$verb]}" "$instructions_now"
    done

    printf 'budgets: %d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}

# warm [TOOL...] -- VERB...: one warm call of the program under a measuring tool; it must print a token and nothing else.
warm() {
    local -a tool=()
    while [ "$1" != -- ]; do
        tool+=("$1")
        shift
    done
    shift
    local -a program=("$ENTRA_TOKEN" "$@")
    if [ "$1" = az ]; then
        program=("$WORK/az" "${@:2}")
    fi
    as_user "${tool[@]}" "${program[@]}" <"$WORK/request" >"$WORK/stdout" 2>"$WORK/stderr" &&
        grep -qE '"access_?[tT]oken"' "$WORK/stdout" && [ ! -s "$WORK/stderr" ] && return
    cat "$WORK/stdout" "$WORK/stderr" >&2
    die "a warm \`$*\` failed"
}

# Every call of every thread and child, from execve to exit_group.
calls() {
    warm strace -f -qq -e signal=none -o "$WORK/strace" -- "$@"
    if grep -E ' (socket|connect|clone3?|v?fork)\(|F_(OFD_)?SETLKW|flock\([0-9]+, LOCK_(SH|EX)\)' "$WORK/strace" >&2; then
        die "a warm \`$*\` used the network, a child, a thread or a lock that waits"
    fi
    grep -cE '^[0-9]+ +[a-z0-9_]+\(' "$WORK/strace"
}

# serve_calls REQUESTS: every call of `serve` that answers so many warm requests, one after the other.
serve_calls() {
    local n
    start_serve strace -f -qq -e signal=none -o "$WORK/strace"
    for ((n = 0; n < $1; n++)); do
        curl -sf -o "$WORK/stdout" -H 'X-Databricks-Metadata-Version: 1' -H "X-Databricks-Host: $WORKSPACE" \
            "$DATABRICKS_METADATA_SERVICE_URL" || die 'a warm request failed'
        grep -q '"access_token"' "$WORK/stdout" || die 'a warm request brought no token'
    done
    end_serve
    if grep -E ' (connect|clone3?|v?fork)\(' "$WORK/strace" >&2; then
        die 'warm requests to serve used the network, a child or a thread'
    fi
    grep -cE '^[0-9]+ +[a-z0-9_]+\(' "$WORK/strace"
}

instructions() {
    warm valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$WORK/callgrind" -- "$@"
    sed -n 's/^.*Collected : \([0-9]*\).*$/\1/p' "$WORK/callgrind"
}

resident() {
    warm time -f %M -o "$WORK/time" -- "$@"
    cat "$WORK/time"
}

# within WHAT VALUE LIMIT
within() {
    verdict "$1" "$2" "at most $3" "$([ "$2" -le "$3" ] && printf ok || printf over)"
}

# same WHAT ONE MANY
same() {
    local difference=$((($3 - $2) * 100))
    verdict "$1" "$3" "within $MAX_GROWTH_PERCENT % of $2" \
        "$([ "${difference#-}" -le $((MAX_GROWTH_PERCENT * $2)) ] && printf ok || printf over)"
}

verdict() {
    printf '%-45s %9d  %-24s %s\n' "$@"
    if [ "$4" = ok ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

main "$@"
