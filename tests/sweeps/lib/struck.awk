# Thread (1, or `other`) and what: of the call that was tampered with, or of the last one before the kill.
# Where strace follows threads, lines begin with a number.

{ thread = 0 }
followed { thread = $1; sub(/^[0-9]+ +/, "") }
NR == 1 { main = thread }
NR > 1 && called($1) { last = (thread == main ? "1 " : "other ") what() }
/\(INJECTED\)/ && !harmed { harmed = last }
/killed by SIGKILL/ { killed = last }
END { print harmed ? harmed : killed }
