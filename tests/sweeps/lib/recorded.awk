# The calls of one thread, with their times.

called($2) { print $1, thread, name, ++nth[name], place(), what() }
