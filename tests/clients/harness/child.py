"""The process that runs one client's cases: `python3 -m harness.child JOB`."""

import json
import signal
import sys
import traceback
from pathlib import Path

from . import catalogue, isolation
from .bed import Bed, Ended
from .errors import Failure


def main() -> int:
    job = json.loads(Path(sys.argv[1]).read_text())
    if job["alone"]:
        isolation.loopback_up()
    client = catalogue.clients()[job["client"]]
    bed = Bed(job)
    try:
        limited(job["limit"])
        bed.open()
        client.run(bed)
    except Ended:
        pass
    except Failure as why:
        bed.fails(str(why))
    except Exception:
        bed.fails(traceback.format_exc())
    finally:
        signal.alarm(0)
        bed.close()
    result = {"passed": bed.passed, "failed": bed.failed}
    (bed.folder / "result.json").write_text(json.dumps(result))
    return 1 if bed.failed else 0


def limited(seconds: int) -> None:
    def over(*_) -> None:
        raise Failure(f"over the client's limit of {seconds} s")

    signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)


if __name__ == "__main__":
    sys.exit(main())
