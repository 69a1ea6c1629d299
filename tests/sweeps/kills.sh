#!/usr/bin/env bash
# Killed at each system call: of a refresh, of the store of a login, of a sign-out. Whatever the moment, every file can be
# read, no refresh token is lost, and the next call works.
#
# All calls that touch the store, and a stride over the others, of every thread; with an authority that revokes the whole
# sign-in when a spent refresh token comes again, and with one that keeps it good, as Entra ID does. With the former a refresh
# that is killed between the request and the rename of login.json is lost: no client can help that. In no other moment.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib/crew.sh"

CASES=(refresh first again second logout)
ROTATIONS=(rotate revoke_on_reuse)

# Of the calls that do not touch the store, every so many.
STRIDE_MAIN=4
STRIDE_OTHERS=2
# Only a refresh may end differently with an authority that keeps old tokens good; of the rest a sample is enough.
STRIDE_ROTATE=6

main() {
    local case rotation
    settle_in
    for case in "${CASES[@]}"; do
        record "$case" >"$WORK/calls-$case"
        for rotation in "${ROTATIONS[@]}"; do
            chosen "$case" "$rotation" <"$WORK/calls-$case" |
                case $case/$rotation in
                    refresh/* | */revoke_on_reuse) cat ;;
                    *) awk -v every="$STRIDE_ROTATE" 'NR % every == 1' ;;
                esac
        done
    done >"$WORK/jobs"
    crew "$WORK/jobs" kill_one
    for case in "${CASES[@]}"; do
        for rotation in "${ROTATIONS[@]}"; do
            summary "$case" "$rotation"
        done
    done
    window
    verdict
}

# The calls at which to kill. A call of another thread counts if this thread is the first to make its so-manieth call of
# that name, for that is how strace counts when it follows all threads.
chosen() {
    awk -v case="$1" -v rotation="$2" -v main="$STRIDE_MAIN" -v others="$STRIDE_OTHERS" '
        BEGIN { FS = OFS = "\t" }
        { first = !(($2, $3) in seen); seen[$2, $3] = 1 }
        $2 == "execve" { next }
        $1 == 1 && $4 != "store" && ++m % main { next }
        $1 > 1 && (!first || ++o % others) { next }
        { print case, rotation, $0 }'
}

kill_one() {
    local case=$1 rotation=$2 thread=$3 name=$4 nth=$5 place=$6 phase=$7 what=$8
    JOB="$case ($rotation) killed at $name $nth of thread $thread ($what)"
    control PATCH settings "{\"rotation\":\"$rotation\"}" >/dev/null
    control DELETE log >/dev/null
    if ! strike "$case" "$thread" "$name" "$nth" "$what" signal=KILL; then
        unharmed
        return 0
    fi
    if [ "$STATUS" -ne 137 ]; then
        # Other threads do not always make the same calls.
        [ "$thread" -ne 1 ] || complain "ended with $STATUS"
        return 0
    fi
    case $AT/$place in
        1*/store) result "$case" "$rotation" killed store ;;
        1*) result "$case" "$rotation" killed main ;;
        *) result "$case" "$rotation" killed other ;;
    esac
    check_files
    if [ "$case" = refresh ]; then
        killed_refresh
    else
        "after_$case"
    fi
}

# unharmed: the kill never happened, in no try. How often the main thread sleeps until another one wakes it is the
# scheduler's choice, so only there; and then the call has worked.
unharmed() {
    [ "$name" = futex ] || complain "could not be killed there, but at: $AT"
    [ "$STATUS" -eq 0 ] || complain "not killed, yet it ended with $STATUS: $(said)"
    check_files
    "after_$case"
}

# killed_refresh: under an authority that revokes, lost is what was redeemed and not kept, and nothing else.
killed_refresh() {
    local kept=no redeemed=no
    [ "$(refresh_token_in "$ANA_FOLDER")" = "$ANA_BEFORE" ] || kept=yes
    authority_is_idle
    ! was_redeemed "$ANA_BEFORE" || redeemed=yes
    # Only the order of the calls that touch the store is the same in every run.
    case $place/$phase/$redeemed/$kept in
        store/before/yes/* | store/answered/no/* | store/answered/*/yes | store/kept/*/no | */no/yes)
            complain "redeemed: $redeemed, kept: $kept, in the phase \`$phase\`"
            ;;
    esac
    if [ "$rotation/$redeemed/$kept" != revoke_on_reuse/yes/no ]; then
        after_refresh
        return
    fi
    result "$case" "$rotation" lost "$what"
    check_status
    [ "$LISTED" = "$ANA" ] || complain "then signed in: $LISTED"
    ask get --force-refresh
    coded 4
    grep -q '^  run: entra-token login ' "$WORK/err" || complain "no sign-in command: $(said)"
}

summary() {
    local main others
    main=$(count_of "$1" "$2" killed main)
    others=$(count_of "$1" "$2" killed other)
    printf 'kills: %-8s %-16s %4d injected (%d at the store, %d elsewhere, %d in other threads), %d lost\n' "$1" "$2" \
        "$(count_of "$1" "$2" killed)" "$(count_of "$1" "$2" killed store)" \
        "$main" "$others" "$(count_of "$1" "$2" lost)"
    [ "$1" = logout ] || [ "$others" -gt 0 ] || complain "$1: no other thread was hit"
}

# What is not safe from an authority that revokes: the calls between the request and the rename, which are about the login
# and nothing else.
window() {
    local call
    local -a calls
    mapfile -t calls < <(awk -F '\t' 'NR == FNR { lost[$4] += $3 == "lost"; next }
        $5 ~ /^(asked|answered)$/ && lost[$6] { print $6 }' "$WORK/results" "$WORK/calls-refresh")
    for call in "${calls[@]}"; do
        [[ ! $call =~ ~ || $call =~ ~/v1/logins/#(/([.]login[.]json[.][*][.]new|login[.]json|(read|write)[.]lock))?($|\ ) ]] ||
            complain "before the new refresh token is stored: $call"
    done
    printf 'kills: lost with revoke_on_reuse at: %s\n' "$(printf '%s; ' "${calls[@]}")"
}

main "$@"
