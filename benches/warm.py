"""Times a warm call beside `cat` of the same token, 200 warm calls at once, and a cold refresh.

Called by warm.sh with: the program, a home with one login, its token file, the number of pairs.
"""

import os
import statistics
import sys
import time

PROGRAM, HOME, TOKEN, PAIRS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
ENVIRONMENT = {"HOME": HOME, "PATH": "/usr/bin:/bin", "TZ": "UTC"}
TO_NULL = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
]
GET = [PROGRAM, "get"]
CAT = ["/bin/cat", TOKEN]


def start(command):
    return os.posix_spawn(command[0], command, ENVIRONMENT, file_actions=TO_NULL)


def finish(pid, command):
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 0:
        sys.exit(f"error: {' '.join(command)} ended with {status}")


def milliseconds(command):
    began = time.perf_counter_ns()
    finish(start(command), command)
    return (time.perf_counter_ns() - began) / 1e6


def warm():
    for command in (GET, CAT) * 20:
        milliseconds(command)
    # Alternating, and each first in half of the pairs, so that both meet the same machine.
    get, cat = [], []
    for pair in range(PAIRS):
        for command, times in [(GET, get), (CAT, cat)][:: 1 if pair % 2 else -1]:
            times.append(milliseconds(command))
    for name, times in ("get", get), ("cat", cat):
        print(f"warm {name}: median {statistics.median(times):.3f} ms, least {min(times):.3f} ms")
    ratio = statistics.median(one / other for one, other in zip(get, cat))
    print(f"get / cat, median of {PAIRS} pairs: {ratio:.2f}")


def at_once(count):
    times = []
    for _ in range(5):
        began = time.perf_counter_ns()
        for pid in [start(GET) for _ in range(count)]:
            finish(pid, GET)
        times.append((time.perf_counter_ns() - began) / 1e6)
    print(f"{count} warm calls at once: median {statistics.median(times):.0f} ms in all")


def cold(count):
    times = []
    for _ in range(count):
        os.unlink(TOKEN)
        times.append(milliseconds(GET))
    print(f"cold refresh, the authority on loopback: median {statistics.median(times):.1f} ms")


warm()
at_once(200)
cold(20)
