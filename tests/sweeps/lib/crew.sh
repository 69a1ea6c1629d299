# Workers side by side, each with a sandbox and a home of its own, and the verdict over all of them. Sourced, never run.
# Wants ENTRA_TOKEN and ENTRA_SANDBOX, the two programs. SWEEP_WORKERS is how many workers (as there are
# processors), SWEEP_RESULTS a file that is to hold the results of all jobs.
# shellcheck shell=bash

SWEEPS=$(dirname "${BASH_SOURCE[0]}")
source "$SWEEPS/../../../.ci/lib.sh"
source "$SWEEPS/../../../.ci/store.sh"
source "$SWEEPS/calls.sh"
source "$SWEEPS/cases.sh"
source "$SWEEPS/check.sh"
source "$SWEEPS/after.sh"

# How many complaints are shown, and after how many a worker gives up; the first ones tell the story.
MOST_SHOWN=20
MOST_MADE=40

# In memory where that can be had: thousands of homes are made, and every write in them is flushed.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
    export TMPDIR=/dev/shm
fi

# A place to work in with a sandbox and the homes that the cases start from.
settle_in() {
    begin
    : >"$WORK/results"
    start_sandbox
    make_homes
}

# crew JOBS DO: deals the lines of JOBS out to workers, each of which calls DO with the fields of every line of its share.
crew() {
    local jobs=$1 act=$2 count=${SWEEP_WORKERS:-$(nproc)} number worker
    local -a workers=()
    for ((number = 0; number < count; number++)); do
        (
            settle_in
            # A child that is killed is no news here.
            exec 2>"$WORK/shell"
            awk -v count="$count" -v number="$number" 'NR % count == number' "$jobs" |
                while IFS=$'\t' read -r -a fields; do
                    "$act" "${fields[@]}"
                    [ "$(count_of complaint)" -lt "$MOST_MADE" ] || break
                done || complain "a worker ended early: $(tail -n 1 "$WORK/shell")"
            cat "$WORK/results"
        ) >"$WORK/share-$number" &
        workers+=("$!")
    done
    for worker in "${workers[@]}"; do
        wait "$worker" || complain 'a worker failed'
    done
    cat "$WORK"/share-* >>"$WORK/results"
}

# result KIND FIELD...: says what became of a job.
result() {
    local IFS=$'\t'
    printf '%s\n' "$*" >>"$WORK/results"
}

# complain TEXT: something that must never be. Names the job; the sweep goes on, so that one run shows all.
complain() {
    result complaint "${JOB:-sweep}: $1"
}

# count_of KIND [FIELD...]: how many results begin so.
count_of() {
    local IFS=$'\t'
    awk -v start="$*"$'\t' 'index($0 "\t", start) == 1 { count++ } END { print count + 0 }' "$WORK/results"
}

# Shows the complaints; fails if there are any.
verdict() {
    local complaints
    [ -z "${SWEEP_RESULTS:-}" ] || cp "$WORK/results" "$SWEEP_RESULTS"
    complaints=$(count_of complaint)
    [ "$complaints" -gt 0 ] || return 0
    awk -F '\t' -v most="$MOST_SHOWN" '$1 == "complaint" && shown++ < most { print $2 }' "$WORK/results" >&2
    printf 'error: %d complaints\n' "$complaints" >&2
    return 1
}
