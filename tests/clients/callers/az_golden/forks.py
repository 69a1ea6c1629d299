"""The real az, unmodified, a process for each command; only what it imports is imported once, before the fork.

Runs under az's own interpreter. A line of standard input is a command, `{do, argv, env, cwd}`; a line of standard
output its end, `{status, stdout, stderr}`. Imports are most of what az takes for a command."""

import importlib
import json
import os
import runpy
import sys
import tempfile
import time
import traceback

# What a command has imported by its end is told here, once.
SEEN = "AZ_GOLDEN_SEEN"


def main() -> int:
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        job = json.loads(line)
        told = imports(job) if job["do"] == "import" else run(job)
        print(json.dumps(told), file=answers, flush=True)
    return 0


def imports(job: dict) -> dict:
    """Imports all that this command does."""
    with tempfile.NamedTemporaryFile("r") as seen:
        told = run({**job, "env": {**job["env"], SEEN: seen.name}})
        names = seen.read().split()
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:  # as the command itself may have found
            continue
    return told


def run(job: dict) -> dict:
    """One command in a process of its own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            become(job, out.fileno(), err.fileno())
        _, ended = os.waitpid(child, 0)
        streams = []
        for stream in (out, err):
            stream.seek(0)
            streams.append(stream.read().decode(errors="replace"))
    return {"status": os.waitstatus_to_exitcode(ended), "stdout": streams[0], "stderr": streams[1]}


def become(job: dict, out: int, err: int) -> None:
    """What `python -m azure.cli` does, with these streams; never comes back."""
    status = 1
    try:
        for stream in (out, err):
            os.dup2(stream, 1 if stream == out else 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(job["env"])
        time.tzset()
        os.chdir(job["cwd"])
        sys.argv = ["az", *job["argv"]]
        runpy.run_module("azure.cli", run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        seen = os.environ.get(SEEN)
        if seen:
            with open(seen, "w") as file:
                file.write("\n".join(name for name in sys.modules if not name.startswith("__")))
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                status = status or 120
        os._exit(status & 255)


if __name__ == "__main__":
    sys.exit(main())
