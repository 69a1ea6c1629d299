# System calls as strace shows them: which there are in a case, and which of them was hit. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # set for whoever sources this

# record CASE: what the case's command asks of the kernel, in order of time, a line for each call:
#   thread (1 is the main one), name, number among the calls of this name in this thread,
#   place: `store`, `stdout`, `socket` (bytes that were sent or received) or `other`,
#   phase: `before` the refresh token is sent, `asked`, `answered` (up to the rename of login.json), `kept`,
#   what: the name and the files.
record() {
    local traces=$WORK/record
    lay "$1"
    rm -rf "$traces"
    mkdir "$traces"
    as_user SSL_CERT_FILE="$CA_FILE" strace -ff -ttt -y -o "$traces/t" -- "$ENTRA_TOKEN" "${WORDS[@]}" \
        <"$WORK/input" >"$WORK/out" 2>"$WORK/err" || die "\`${WORDS[*]}\` fails even unharmed: $(cat "$WORK/err")"
    local -a threads
    # In the order of their first calls.
    mapfile -t threads < <(head -q -n 1 "$traces"/t.* | paste - <(printf '%s\n' "$traces"/t.*) | sort -n | awk '{print $NF}')
    local number
    for number in "${!threads[@]}"; do
        masked <"${threads[number]}" | awk -v thread=$((number + 1)) -f "$SWEEPS/call.awk" -f "$SWEEPS/recorded.awk"
    done | sort -s -n | awk -f "$SWEEPS/phases.awk"
}

# strike CASE THREAD NAME NTH WHAT HOW [+]: the case's call with that injected by strace at one call of the kernel, or with
# `+` at all calls of that name from this one on. Sets STATUS, and AT, where it happened: nowhere if empty. Fails if it
# should have happened in the main thread, but did not happen at WHAT.
strike() {
    local nth more
    # How often the main thread wakes another one by a `write` differs from run to run.
    for more in 0 0 1 -1 0 1 -1 2 -2 0 1 -1; do
        nth=$(($4 + more))
        [ "$nth" -gt 0 ] || continue
        lay "$1"
        inject "$2" "$3" "$6:when=$nth${7:-}"
        case $2/$AT in
            1/"1 $5" | [!1]*) return 0 ;;
        esac
    done
    return 1
}

# Follows the other threads only where one of them is meant: strace counts the calls of each thread, and injects into any.
inject() {
    local -a follow=()
    [ "$1" -eq 1 ] || follow=(-f)
    STATUS=0
    as_user SSL_CERT_FILE="$CA_FILE" strace "${follow[@]}" -q -y -o "$WORK/trace" -e "trace=execve,$2" -e "inject=$2:$3" \
        -- "$ENTRA_TOKEN" "${WORDS[@]}" <"$WORK/input" >"$WORK/out" 2>"$WORK/err" || STATUS=$?
    AT=$(masked <"$WORK/trace" | awk -v followed="${follow[*]}" -f "$SWEEPS/call.awk" -f "$SWEEPS/struck.awk")
}

# The store is `~`; what differs between two runs is masked.
masked() {
    sed -E "s#$WORK/home/\.entra-token#~#g; s/[0-9a-f]{32}/#/g; s/\.[0-9a-f]{16}\.new/.*.new/g; s/(\.gone-#)-[0-9a-f]+/\1-*/g; s/\.probe\.[0-9]+/.probe.*/g"
}
