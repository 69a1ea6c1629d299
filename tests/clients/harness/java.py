"""A program in Java: compiled here, run with the jars of an install."""

from pathlib import Path

from .bed import Bed

# Enough for programs that live for a second, many of them at once.
SMALL = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"]


class Java:
    """`source` is a file with one class, which has the file's name; `install` one of the recipe `maven`."""

    def __init__(self, bed: Bed, source: Path, install: Path) -> None:
        self._bed = bed
        self._main = source.stem
        self._classes = bed.folder / f"classes-{self._main}"
        self._jars = f"{install}/jars/*"
        self._settings: list[str] = []
        bed.run(["javac", "-proc:none", "-cp", self._jars, "-d", self._classes, source])

    def version(self) -> str:
        """`openjdk 17.0.1 2021-10-19`."""
        return self._bed.run(["java", "--version"]).stdout.partition("\n")[0]

    def command(self, *arguments: object, settings: tuple[str, ...] = ()) -> list:
        """Runs it. `settings` are Java's own, such as `-Duser.timezone=UTC`."""
        where = f"{self._classes}:{self._jars}"
        return ["java", *SMALL, *self._settings, *settings, "-cp", where, self._main, *arguments]

    def trusts(self, ca_file: str) -> None:
        """From now on it trusts this authority, and no other. It knows no PEM, and no variable that names one."""
        store = self._bed.folder / f"trusted-{self._main}.p12"
        word = "not-a-secret"
        how = ["-noprompt", "-alias", "sandbox", "-keystore", store, "-storetype", "PKCS12", "-storepass", word]
        self._bed.run(["keytool", "-importcert", "-file", ca_file, *how])
        self._settings = [f"-Djavax.net.ssl.trustStore={store}", f"-Djavax.net.ssl.trustStorePassword={word}"]
