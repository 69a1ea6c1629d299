# What is swept: a home to begin with, and a call of the program. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # set for whoever sources this

ANA=ana@contoso.example
BEN=ben@contoso.example

# Another resource, for which nobody holds a token: only a good refresh token brings one.
ELSEWHERE=https://management.azure.com/

# The homes that cases begin with: nobody signed in; Ana with an expired token, or one that soon expires; Ana and Ben, who
# is the default.
make_homes() {
    CA_FILE=$(described .ca_file)
    CONTROL_PORT=$(described .control)
    CONTROL_PORT=${CONTROL_PORT#http://*:}
    CONTROL_PORT=${CONTROL_PORT%%/*}
    mkdir -m 700 "$WORK/home" "$WORK/home/.entra-token"
    write_config 0
    cp -a "$WORK/home" "$WORK/home-nobody"
    sign_in_as "$ANA"
    age_tokens 3900
    cp -a "$WORK/home" "$WORK/home-early"
    age_tokens 600
    cp -a "$WORK/home" "$WORK/home-ana"
    sign_in_as "$BEN"
    cp -a "$WORK/home" "$WORK/home-both"
    ANA_FOLDER=$(folder_of "$ANA")
    BEN_FOLDER=$(folder_of "$BEN")
}

# lay CASE: puts the home there, with refresh tokens that nobody has used. Sets WORDS, the call, and ANA_BEFORE, Ana's
# refresh token.
lay() {
    rm -rf "${WORK:?}/home"
    : >"$WORK/input"
    case $1 in
        refresh)
            home ana
            WORDS=(get --force-refresh)
            ;;
        early)
            home early
            WORDS=(get)
            ;;
        first)
            home nobody
            sign_in_words "$ANA"
            ;;
        again)
            home ana
            sign_in_words "$ANA"
            ;;
        second)
            home ana
            sign_in_words "$BEN"
            ;;
        logout)
            home both
            WORDS=(logout)
            ;;
        *) die "no case \`$1\`" ;;
    esac
    ANA_BEFORE=
    [ ! -e "$ANA_FOLDER/login.json" ] || ANA_BEFORE=$(refresh_token_in "$ANA_FOLDER")
}

home() {
    cp -a "$WORK/home-$1" "$WORK/home"
    case $1 in
        ana | early) renew "$ANA_FOLDER" "$ANA" ;;
        both)
            renew "$ANA_FOLDER" "$ANA"
            renew "$BEN_FOLDER" "$BEN"
            ;;
    esac
}

# renew FOLDER USER: the login as if it had been made just now, with a refresh token of a sign-in of its own.
renew() {
    sed -i "s/\"refresh_token\": \"[^\"]*\"/\"refresh_token\": \"$(new_refresh_token "$2")\"/" "$1/login.json"
}

sign_in_words() {
    new_refresh_token "$1" >"$WORK/input"
    WORDS=(login --refresh-token-stdin --host "$WORKSPACE")
}

sign_in_as() {
    sign_in_words "$1"
    as_user SSL_CERT_FILE="$CA_FILE" "$ENTRA_TOKEN" "${WORDS[@]}" <"$WORK/input" >/dev/null
}

# age_tokens SECONDS: as if every access token had been fetched that much earlier. The sandbox gives them 4500 seconds.
age_tokens() {
    local file json
    for file in "$WORK"/home/.entra-token/v1/logins/*/token-*.json; do
        json=$(jq --argjson age "$1" '.token.obtained_ms -= $age * 1000 | .token.expires_on -= $age' "$file")
        printf '%s' "$json" >"$file"
    done
}

folder_of() {
    local file
    file=$(grep -lF "\"$1\"" "$WORK"/home/.entra-token/v1/logins/*/login.json)
    dirname "$file"
}

# Without jq where it is done in every run: it takes longer to start than the program takes to refresh.
refresh_token_in() {
    sed -n 's/^ *"refresh_token": "\([^"]*\)".*/\1/p' "$1/login.json" 2>/dev/null
}

new_refresh_token() {
    control POST refresh-tokens "{\"user\":\"$1\"}" | sed 's/.*"refresh_token": *"\([^"]*\)".*/\1/'
}

# control METHOD PATH [JSON]: asks the sandbox's control API.
control() {
    local connection line body=${3:-}
    exec {connection}<>"/dev/tcp/127.0.0.1/$CONTROL_PORT"
    printf '%s /_sandbox/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "$2" "${#body}" "$body" >&"$connection"
    while IFS= read -r line <&"$connection" && [ "$line" != $'\r' ]; do :; done
    cat <&"$connection"
    exec {connection}>&-
}
