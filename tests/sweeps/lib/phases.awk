# A refresh token is on its way from the last thing sent to the last thing received; it is kept by the next rename.

BEGIN { FS = OFS = "\t" }
{ line[NR] = $2 OFS $3 OFS $4 OFS $5; what[NR] = $6 }
$5 == "socket" && $3 ~ /^(write|writev|send|sendto|sendmsg)$/ { sent = NR }
$5 == "socket" && $3 ~ /^(read|readv|recv|recvfrom|recvmsg)$/ { asked = sent; answered = NR; kept = 0 }
$6 ~ /^rename.*\/login\.json$/ && answered && !kept { kept = NR }
END {
    for (n = 1; n <= NR; n++) {
        phase = "before"
        if (answered && n > asked) phase = "asked"
        if (answered && n > answered) phase = "answered"
        if (kept && n > kept) phase = "kept"
        print line[n], phase, what[n]
    }
}
