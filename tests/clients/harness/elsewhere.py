"""A Debian of another release, whose newer programs run with this one's folders, network and loopback server."""

import subprocess
import tempfile
from pathlib import Path

from .bed import Bed
from .errors import check
from .isolation import spaces


class Elsewhere:
    """`root` is an install of the recipe `debootstrap`."""

    def __init__(self, bed: Bed, root: Path) -> None:
        # Without a namespace of our own, what is mounted would stay.
        check(spaces(), "programs of another Debian take namespaces, which this computer does not give")
        self._root = root
        ours = (Path(tempfile.gettempdir()), bed.folder, bed.entra_token.parent)
        apart = [place for place in ours if not any(other in place.parents for other in ours)]
        for place in [*dict.fromkeys(apart), Path("/dev"), Path("/proc")]:
            there = root / place.relative_to("/")
            there.mkdir(parents=True, exist_ok=True)
            # It ends with the client's namespace.
            subprocess.run(["mount", "--rbind", place, there], check=True)
        # Without it every program asks a name server that is not there.
        (root / "etc/hosts").write_text("127.0.0.1 localhost\n")

    def command(self, cwd: Path, *argv: object) -> list:
        """The command that runs another one there."""
        return ["/usr/sbin/chroot", self._root, "env", "--chdir", cwd, *argv]
