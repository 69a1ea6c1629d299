#!/usr/bin/env bash
# The checks of the sweeps, checked: each must complain about a home or an answer that is broken in one way, and about
# nothing after a call that nobody disturbed.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib/crew.sh"

caught=0
failed=0

main() {
    settle_in
    local case
    for case in refresh early first again second logout; do
        undisturbed "$case"
    done

    catches 'a file cannot be read' refresh cut_off login.json
    catches 'a file cannot be read' refresh cut_off 'token-*.json'
    catches 'a file cannot be read' second cut_off '../../pointers/default.json'
    catches 'empty:' again emptied login.json
    catches 'then signed in: ``' refresh removed login.json
    catches 'a login without a refresh token' refresh without_refresh_token
    catches 'exit 4' refresh revoked
    catches 'exit 4' second revoked
    catches 'an odd file' refresh chmod 644 "$ANA_FOLDER/login.json"
    catches 'an odd file' refresh touch "$ANA_FOLDER/login.json~"
    catches 'set aside for no reason' refresh set_aside
    catches 'status tells of something else' refresh half_a_login
    catches "another login's refresh token" second renew "$ANA_FOLDER" "$ANA"
    catches 'never cleared away' refresh unfinished_for_ever
    catches 'then signed in' logout rm -r "$ANA_FOLDER"

    answers 'exit 101' 101 "thread 'main' panicked at src/main.rs:1:1:" ''
    answers 'a line too many' 1 $'entra-token: it failed\n  run: it again\nnote: run with `RUST_BACKTRACE=1`' ''
    answers 'no cause' 1 '' ''
    answers 'no remedy' 1 'entra-token: it failed' ''
    answers 'not one of' 7 $'entra-token: it failed\n  run: it again' ''
    answers 'yet something on standard output' 1 $'entra-token: it failed\n  run: it again' '{}'
    answers 'no token' 0 '' '{}'
    answers 'words on standard error' 0 'warning: it worked' '  "access_token": "ey'

    lost_too_early
    not_to_be_struck
    printf 'checker: %d faults caught, %d missed\n' "$caught" "$failed"
    [ "$failed" -eq 0 ]
}

# undisturbed CASE: no complaint.
undisturbed() {
    call_as "$1"
    look "$1"
    if grep '^complaint' "$WORK/results" >&2; then
        printf 'error: complaints after an undisturbed %s\n' "$1" >&2
        failed=$((failed + 1))
    fi
}

# catches COMPLAINT CASE COMMAND...: the case's call, then the command, which breaks something.
catches() {
    local expected=$1 case=$2
    shift 2
    call_as "$case"
    "$@"
    look "$case"
    complained "$expected" "$case, then $*"
}

# answers COMPLAINT EXIT ERR OUT: a call that ended so.
answers() {
    : >"$WORK/results"
    STATUS=$2 JOB=answer
    printf '%s' "${3:+$3$'\n'}" >"$WORK/err"
    printf '%s' "${4:+$4$'\n'}" >"$WORK/out"
    if [ "$STATUS" -eq 0 ]; then
        served
    else
        coded 1
    fi
    complained "$1" "exit $2, \`$3\`, \`$4\`"
}

call_as() {
    : >"$WORK/results"
    JOB=$1
    lay "$1"
    as_user SSL_CERT_FILE="$CA_FILE" "$ENTRA_TOKEN" "${WORDS[@]}" <"$WORK/input" >"$WORK/out" 2>"$WORK/err" ||
        die "\`${WORDS[*]}\` fails even unharmed: $(said)"
}

look() {
    check_files
    "after_$1"
}

complained() {
    if grep '^complaint' "$WORK/results" | grep -qF -- "$1"; then
        caught=$((caught + 1))
    else
        printf 'error: no complaint "%s" after: %s\n' "$1" "$2" >&2
        failed=$((failed + 1))
    fi
}

# --- ways to break a home

cut_off() {
    local file
    for file in "$ANA_FOLDER"/$1; do
        truncate -s 100 "$file"
    done
}

emptied() {
    : >"$ANA_FOLDER/$1"
}

removed() {
    rm "$ANA_FOLDER/$1"
}

without_refresh_token() {
    sed -i 's/"refresh_token": "[^"]*"/"refresh_token": ""/' "$ANA_FOLDER/login.json"
}

revoked() {
    control POST revoke "{\"refresh_token\":\"$(refresh_token_in "$ANA_FOLDER")\"}" >/dev/null
}

set_aside() {
    cp -a "$ANA_FOLDER/login.json" "$ANA_FOLDER/login.json.aside-1"
}

# A folder like a login's, with a file that can be read and says nothing.
half_a_login() {
    local folder=${ANA_FOLDER%/*}/00000000000000000000000000000000
    mkdir -m 700 "$folder"
    (umask 077 && printf '{"version":1}' >"$folder/login.json")
}

# A file of that name that no program can remove.
unfinished_for_ever() {
    mkdir -m 700 "$ANA_FOLDER/.login.json.0.new"
}

# --- what the sweeps themselves find out

# A refresh token that was redeemed, while the one before is still held: as a program would leave it that hands out the
# token first and stores later.
lost_too_early() {
    local before
    call_as refresh
    before=$(refresh_token_in "$ANA_FOLDER")
    authority_is_idle
    was_redeemed "$ANA_BEFORE" && [ "$before" != "$ANA_BEFORE" ] && ! was_redeemed "$before" && caught=$((caught + 1)) && return
    printf 'error: what was redeemed is not told from what was not\n' >&2
    failed=$((failed + 1))
}

# A call that is not made cannot be hit.
not_to_be_struck() {
    strike refresh 1 rename 7 'rename ~/nowhere' signal=KILL || { caught=$((caught + 1)) && return; }
    printf 'error: hit what is not there\n' >&2
    failed=$((failed + 1))
}

main "$@"
