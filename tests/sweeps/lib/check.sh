# What must hold after a call, however it ended. Each check complains; none ends the sweep. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # set for whoever sources this

# --- how the call itself ended

# A token and nothing else.
served() {
    [ "$STATUS" -eq 0 ] || complain "exit $STATUS: $(said)"
    [ ! -s "$WORK/err" ] || complain "words on standard error: $(said)"
    grep -q '^  "access_token": "ey' "$WORK/out" || complain 'no token on standard output'
}

# coded EXIT...: one of these exit statuses, nothing on standard output, one cause, one remedy.
coded() {
    local -a lines
    local line
    [[ " $* " == *" $STATUS "* ]] || complain "exit $STATUS, not one of $*: $(said)"
    [ ! -s "$WORK/out" ] || complain "exit $STATUS, yet something on standard output"
    mapfile -t lines <"$WORK/err"
    [[ ${lines[0]:-} == 'entra-token: '[!\ ]* ]] || complain "no cause: $(said)"
    [[ ${lines[1]:-} == '  '[!\ \(]* ]] || complain "no remedy: $(said)"
    # Besides, only when to try again, and what support asks for.
    for line in "${lines[@]:2}"; do
        [[ $line == '  try again in '* || $line == '  (entra: '* ]] || complain "a line too many: $(said)"
    done
}

said() {
    tr '\n' '|' <"$WORK/err"
}

# --- what is on the disk

# check_files [NAME]: every file is whole, ours alone, and of a kind that we know; nothing was found broken and set aside,
# but what the kernel would not let us read, if a name is given.
check_files() {
    local kind mode size path name unread=${1:-}
    local -a json=()
    while IFS=$'\t' read -r kind mode size path; do
        name=${path##*/}
        case $kind$mode/$name in
            d700/*) ;;
            f600/.*.new | f600/*.lock | f600/config.toml) ;;
            f600/*.json.aside-*)
                [ -n "$unread" ] || complain "set aside for no reason: $path"
                ;;
            f600/*.json)
                [ "$size" -gt 0 ] || complain "empty: $path"
                json+=("$WORK/home/.entra-token/$path")
                ;;
            *) complain "an odd file: $path (type $kind, mode $mode)" ;;
        esac
    done < <(find "$WORK/home/.entra-token" -mindepth 1 -printf '%y\t%m\t%s\t%P\n')
    [ ${#json[@]} -eq 0 ] || jq -es 'all(.version == 1)' "${json[@]}" >/dev/null 2>&1 || complain 'a file cannot be read'
    for path in "${json[@]}"; do
        [[ $path != */login.json ]] || grep -q '"refresh_token": "1\.' "$path" || complain "a login without a refresh token: $path"
    done
}

# `status` works, and tells what was set aside or not deleted, and nothing else. Sets LISTED, who it says is signed in.
check_status() {
    local odd
    ask status --json
    [ "$STATUS$(said)" = 0 ] || complain "then status: exit $STATUS: $(said)"
    odd=$(find "$WORK/home/.entra-token" -path '*/logins/*' \( -name '*.aside-*' -o -name '.gone-*' \) -printf x)
    [ "$(awk '/^  "notes": \[$/ { on = 1; next } /^  \]/ { on = 0 } on' "$WORK/out" | wc -l)" -eq ${#odd} ] ||
        complain "then status tells of something else than what is there: $(tail -n 4 "$WORK/out")"
    LISTED=$(sed -n 's/^      "account": "\(.*\)",$/\1/p' "$WORK/out" | sort | paste -sd ' ')
}

# The next call of the program, unharmed. Sets STATUS; what it said is in `out` and `err`.
ask() {
    STATUS=0
    as_user SSL_CERT_FILE="$CA_FILE" "$ENTRA_TOKEN" "$@" >"$WORK/out" 2>"$WORK/err" </dev/null || STATUS=$?
}

# next_call WORDS...: it serves a token, so nothing that the dead one held stands in its way.
next_call() {
    local job=$JOB
    JOB="$JOB; then \`$*\`"
    ask "$@"
    served
    JOB=$job
}

# works USER: a token for this user, and a refresh token that the authority honours; then nothing unfinished is left.
works() {
    next_call get --account "$1"
    next_call get --account "$1" --resource "$ELSEWHERE"
    local folder=$BEN_FOLDER
    [ "$1" != "$ANA" ] || folder=$ANA_FOLDER
    ! compgen -G "$folder/.*.new" >/dev/null || complain 'unfinished files are never cleared away'
}

# gone USER: not signed in, and told so with the command that signs in.
gone() {
    ask get --account "$1"
    coded 3
    grep -q '^  run: entra-token login ' "$WORK/err" || complain "no sign-in command: $(said)"
}

# --- what the authority has seen

# Waits until it has dealt with everything that was sent to it, also by a process that is dead since: no connection to it
# is open. 0A: listening; 06: closed by both.
authority_is_idle() {
    local port
    printf -v port '%04X' "${AUTHORITY##*:}"
    until awk -v port=":$port\$" '$2 ~ port && $4 !~ /^(0A|06)$/ { busy = 1 } END { exit busy }' /proc/net/tcp; do
        sleep 0.005
    done
}

# was_redeemed TOKEN: whether this refresh token came to the token endpoint.
was_redeemed() {
    local hash
    hash=$(printf '%s' "$1" | sha256sum)
    control GET log | grep -qF "[\"refresh_token\",\"sha256:${hash%% *}\"]"
}
