"""A program that uses msal, run as its user would run it."""

from . import installs
from .bed import Bed
from .catalogue import HERE
from .errors import check

PROGRAM = HERE / "programs/msal_signs_in.py"

# Where it tells the person what to do: the page, and the code.
DEVICE = r"open the page (\S+) and enter the code (\S+)"


class Msal:
    """The msal of one install, with a cache file of its own."""

    def __init__(self, bed: Bed, install: str) -> None:
        self.bed = bed
        self.name = installs.version(install, "msal")
        # msal answers the browser by form_post since 1.35.
        self.response_mode = "form_post" if self.version >= (1, 35) else "query"
        self._cache = bed.home / f"{install}.json"
        self._python = bed.installs[install] / "bin/python"

    @property
    def version(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.name.removeprefix("msal ").split("."))

    def command(self, way: str, *more: str, authority: str = "organizations") -> list:
        """The command line that signs in, or refreshes, in one way."""
        sandbox = self.bed.sandbox
        where = ["--authority", f"{sandbox.authority}/{authority}", "--client-id", sandbox.client_id]
        return [self._python, PROGRAM, way, *where, "--cache", self._cache, *more]

    def asks(self, way: str, *more: str, authority: str = "organizations", **options) -> dict:
        """What msal gave for one call."""
        return self.bed.run(self.command(way, *more, authority=authority), **options).json()

    def signs_in(self, way: str, *more: str, **options) -> dict:
        """The same, which must be a token that the workspace takes."""
        return self.works(self.asks(way, *more, **options))

    def works(self, answer: dict) -> dict:
        """Fails unless msal got a token that the workspace takes."""
        result = answer["result"]
        check("access_token" in result, f"msal got no token: {result}")
        self.bed.sandbox.takes(result["access_token"])
        return answer
