# What must hold after each case, however it ended; cases.sh says what was called. Sourced, never run.
# shellcheck shell=bash

after_refresh() {
    check_status
    signed_in "$ANA"
    next_call get --force-refresh
    works "$ANA"
}

after_early() {
    check_status
    signed_in "$ANA"
    next_call get
    works "$ANA"
}

after_first() {
    check_status
    signed_in '' "$ANA"
    if [ -z "$LISTED" ]; then
        gone "$ANA"
    else
        works "$ANA"
    fi
    sign_in_as "$ANA" || complain 'then signing in fails'
    works "$ANA"
}

after_again() {
    check_status
    signed_in "$ANA"
    next_call get
    works "$ANA"
}

after_second() {
    check_status
    signed_in "$ANA" "$ANA $BEN"
    untouched
    works_or_gone
    next_call get
    works "$ANA"
}

after_logout() {
    check_status
    signed_in "$ANA" "$ANA $BEN"
    untouched
    # As long as it is known who was meant, the same command ends what was begun, and comes upon nobody else.
    if [ "$LISTED" = "$ANA" ] && [ -e "$WORK/home/.entra-token/v1/pointers/default.json" ]; then
        cp -a "$WORK/home" "$WORK/home-then"
        ask logout
        grep -q "^signed out $BEN" "$WORK/out" || complain "then \`logout\`: exit $STATUS: $(said)"
        ben_is_gone
        rm -rf "${WORK:?}/home"
        mv "$WORK/home-then" "$WORK/home"
    fi
    works_or_gone
    ask logout --account "$BEN"
    [ "$STATUS" -eq 0 ] || coded 3
    ben_is_gone
    next_call get
    works "$ANA"
}

ben_is_gone() {
    check_status
    signed_in "$ANA"
    untouched
    ! compgen -G "${BEN_FOLDER%/*}/.gone-*" >/dev/null || complain 'what was signed out stays on the disk'
}

# signed_in USERS...: those are signed in, or those.
signed_in() {
    local users
    for users in "$@"; do
        [ "$LISTED" != "$users" ] || return 0
    done
    complain "then signed in: \`$LISTED\`"
}

# The login that the call was not about.
untouched() {
    [ "$(refresh_token_in "$ANA_FOLDER")" = "$ANA_BEFORE" ] || complain "another login's refresh token was touched"
}

works_or_gone() {
    if [ "$LISTED" = "$ANA" ]; then
        gone "$BEN"
    else
        works "$BEN"
    fi
}
