# What one line of strace says; files of the store begin with `~`.

BEGIN { OFS = "\t" }
function called(word) {
    name = word
    return sub(/\(.*/, "", name) && name ~ /^[a-z][a-z0-9_]*$/
}
function place() {
    if ($0 ~ /["<]~/) return "store"
    if ($0 ~ /\(1</) return "stdout"
    if ($0 ~ /<(socket|TCP):/ && $0 ~ / = [1-9][0-9]*$/) return "socket"
    return "other"
}
function what(   rest, said) {
    rest = $0
    said = name
    sub(/ = [-0-9?].*/, "", rest)
    while (match(rest, /["<]~[^">]*/)) {
        said = said " " substr(rest, RSTART + 1, RLENGTH - 1)
        rest = substr(rest, RSTART + RLENGTH)
    }
    return said
}
