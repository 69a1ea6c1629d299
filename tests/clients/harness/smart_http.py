"""git as a person runs it, and git's own server side over smart HTTP."""

import os
import subprocess
from pathlib import Path

from .elsewhere import Elsewhere
from .guarded import Answer, Asked, Guarded


class Git:
    """git as a person runs it, without a terminal; the computer's own, or one from elsewhere."""

    def __init__(self, bed, server: Guarded, elsewhere: Elsewhere | None = None) -> None:
        self.bed = bed
        self.elsewhere = elsewhere
        self.environment = server.environment(GIT_TERMINAL_PROMPT="0", GIT_CONFIG_NOSYSTEM="1")

    def __call__(self, *arguments, **options):
        argv = ["git", *arguments]
        if self.elsewhere:
            argv = self.elsewhere.command(self.bed.home, *argv)
        return self.bed.run(argv, env=self.environment, **options)

    def entra(self, *arguments):
        return self.bed.entra(*arguments, env=self.environment)

    def version(self) -> tuple[int, ...]:
        numbers = self("--version").stdout.split()[2].split(".")
        return tuple(int(number) for number in numbers[:3])


class Backend:
    """git's own server side, by CGI (git-http-backend(1))."""

    def __init__(self, repositories: Path) -> None:
        self.repositories = repositories

    def __call__(self, asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        variables = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.repositories),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "ana",
            "REQUEST_METHOD": asked.method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": asked.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(asked.body)),
            "HTTP_CONTENT_ENCODING": asked.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": asked.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], env=variables, input=asked.body, stdout=subprocess.PIPE, check=True
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        status = int(headers.pop("Status", "200").split()[0])
        return Answer(body, status, headers)
