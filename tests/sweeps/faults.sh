#!/usr/bin/env bash
# Refused by the kernel: no space, a disk that fails, no permission, a read-only disk, no file to be had, at each call that
# opens, writes, flushes, renames, locks, makes or removes. The call serves, or ends with one coded cause and one remedy;
# once the authority has answered, a refresh serves in any case. What was signed in before still works.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib/crew.sh"

CASES=(refresh early first again second logout)

FAULTS=(ENOSPC EIO EACCES EROFS EMFILE)

# By all their names on the machines that we build for. Opening, and what is neither opening nor writing, also fails from
# some moment on, and for good: no descriptor is to be had, the disk is dead.
OPENS='^(open|openat|openat2|creat)$'
WRITES='^(write|writev|pwrite64)$'
OTHERS='^(fsync|fdatasync|rename|renameat|renameat2|flock)$'
# Made or removed again and again: one fault each, in turn.
FOLDERS='^(mkdir|mkdirat|unlink|unlinkat|rmdir)$'
# What else there may be none of, in the other threads too.
DESCRIPTORS='^(socket|epoll_create1|eventfd2|pipe2)$'
THREADS='^clone3?$'

main() {
    local case
    settle_in
    for case in "${CASES[@]}"; do
        record "$case" | chosen "$case"
    done >"$WORK/jobs"
    crew "$WORK/jobs" fault_one
    for case in "${CASES[@]}"; do
        summary "$case"
    done
    verdict
}

# Bytes that only wake another thread do not fail.
chosen() {
    awk -v case="$1" -v faults="${FAULTS[*]}" -v opens="$OPENS" -v writes="$WRITES" -v others="$OTHERS" \
        -v folders="$FOLDERS" -v descriptors="$DESCRIPTORS" -v threads="$THREADS" '
        function one() { print case, fault[turn++ % count + 1], $0 }
        function each() {
            # A second person is a first one, with somebody beside.
            if (case == "second") one()
            else for (n = 1; n <= count; n++) print case, fault[n], $0
        }
        BEGIN { FS = OFS = "\t"; count = split(faults, fault, " ") }
        { first = !(($2, $3) in seen); seen[$2, $3] = 1 }
        $1 == 1 && $2 ~ opens { each(); print case, "EMFILE+", $0 }
        $1 == 1 && $2 ~ writes && $4 != "other" { each() }
        $1 == 1 && $2 ~ others { each(); print case, "EIO+", $0 }
        $1 == 1 && $2 ~ folders { one(); print case, "EIO+", $0 }
        first && $2 ~ descriptors { print case, "EMFILE", $0 }
        first && $2 ~ threads { print case, "EAGAIN", $0 }'
}

fault_one() {
    local case=$1 fault=${2%+} thread=$3 name=$4 nth=$5 place=$6 phase=$7 what=$8 lasting='' unread=''
    [ "$2" = "$fault" ] || lasting=+
    JOB="$case with $2 at $name $nth ($what)"
    strike "$case" "$thread" "$name" "$nth" "$what" "error=$fault" "$lasting" || complain "could not be harmed there, but at: $AT"
    if [ "$STATUS" -eq 0 ]; then
        result "$case" served
    else
        result "$case" coded "$STATUS" "$2" "$what" "$(said)"
    fi
    if [ "$place" = stdout ]; then
        no_output
    else
        "ended_$case"
    fi
    [[ ! $name =~ $OPENS ]] || unread=yes
    check_files $unread
    "after_$case"
}

# The answer could not be written: one line says so.
no_output() {
    [ "$STATUS" -eq 1 ] || complain "exit $STATUS: $(said)"
    [[ $(said) =~ ^'entra-token: cannot write the answer: '[^\|]+\|$ ]] || complain "not told in one line: $(said)"
}

ended_refresh() {
    if [ "$STATUS" -eq 0 ] || [[ $phase == answered || $phase == kept ]]; then
        served
    else
        refused
    fi
}

# Nothing that goes wrong on the way to a newer token takes the held one away.
ended_early() {
    if [ "$STATUS" -eq 0 ] || { [ -z "$lasting" ] && [ "$what" != "$name ~/config.toml" ]; }; then
        served
    else
        refused
    fi
}

# One coded cause: the store, or the network, which cannot be had without the machine's certificates, sockets, threads.
refused() {
    if [ "$place" = store ] && [ -z "$lasting" ]; then
        coded 1
    else
        coded 1 6
    fi
}

ended_first() {
    ended_login "$ANA"
}

ended_again() {
    ended_login "$ANA"
    [ "$STATUS" -ne 0 ] || [ "$(refresh_token_in "$ANA_FOLDER")" != "$ANA_BEFORE" ] ||
        complain 'exit 0, yet the old refresh token is held'
}

ended_second() {
    ended_login "$BEN"
}

# A sign-in that says so is one, and the default.
ended_login() {
    if [ "$STATUS" -ne 0 ]; then
        refused
        return
    fi
    [ ! -s "$WORK/err" ] || complain "words on standard error: $(said)"
    grep -q "^signed in as $1" "$WORK/out" || complain 'exit 0 without saying who signed in'
    ask status --json
    grep -A 1 '^      "default": true,$' "$WORK/out" | grep -q "\"account\": \"$1\"" || complain "exit 0, yet not the default"
    next_call get
    STATUS=0
}

# A sign-out that says so is one, and leaves nothing.
ended_logout() {
    if [ "$STATUS" -ne 0 ]; then
        # Without the pointer it is not known who is meant, and nobody is signed out by a guess.
        coded 1 "$([[ $what != *' ~/v1/pointers/default.json' ]] || printf 2)"
        return
    fi
    [ ! -s "$WORK/err" ] || complain "words on standard error: $(said)"
    grep -q "^signed out $BEN" "$WORK/out" || complain 'exit 0 without saying who signed out'
    ! compgen -G "${BEN_FOLDER%/*}/.gone-*" >/dev/null || complain 'said to be deleted, yet there'
    [ ! -e "$BEN_FOLDER" ] || complain 'said to be deleted, yet there'
}

summary() {
    local served coded
    served=$(count_of "$1" served)
    coded=$(count_of "$1" coded)
    printf 'faults: %-8s %4d injected, %4d served, %4d coded\n' "$1" $((served + coded)) "$served" "$coded"
}

main "$@"
