"""How an install is made, one recipe for each kind of package. A new kind is a function and a row in RECIPES."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .errors import Failure

# The interpreter itself, not a shim or a link that leads elsewhere tomorrow.
PYTHON = os.path.realpath(sys.executable)


def pip(into: Path, packages: list[str], _published_before: str, _needed: dict[str, Path]) -> None:
    """Programs of PyPI that do not mind where they are."""
    call([PYTHON, "-m", "pip", "install", "--quiet", "--no-compile", "--target", into, *packages])


def python(into: Path, packages: list[str], published_before: str, needed: dict[str, Path]) -> None:
    """A virtual environment: its interpreter is `bin/python`."""
    uv = needed["uv"] / "bin/uv"
    call([uv, "venv", "--quiet", "--relocatable", "--allow-existing", "--python", PYTHON, into])
    young = ["--exclude-newer", published_before, "--compile-bytecode"]
    call([uv, "pip", "install", "--quiet", "--no-cache", *young, "--python", into / "bin/python", *packages])


def npm(into: Path, packages: list[str], published_before: str, _needed: dict[str, Path]) -> None:
    """A folder with `node_modules`."""
    (into / "package.json").write_text(json.dumps({"private": True}))
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", f"--cache={into}/cache"]
    call(["npm", "install", f"--before={published_before}", "--save-exact", *quiet, *packages], cwd=into)
    shutil.rmtree(into / "cache")


def debian(commands: dict[str, str]) -> Path:
    """Packages of Debian, by the command that each is wanted for. They are installed on the computer itself."""
    missing = [package for command, package in commands.items() if not shutil.which(command)]
    if missing:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Failure(f"these are missing: {' '.join(missing)}")
        print(f"   installing {' '.join(missing)} from Debian", flush=True)
        call(["apt-get", "update", "-qq"])
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], env=quiet)
    for command in commands:
        if not shutil.which(command):
            raise Failure(f"`{command}` is still missing after installing {commands[command]}")
    return Path("/usr")


def debootstrap(into: Path, suite_and_packages: list[str], _published_before: str, needed: dict[str, Path]) -> None:
    """A whole Debian of another release with some packages, for `harness/elsewhere.py`."""
    if os.geteuid() != 0:
        raise Failure("a Debian of another release is made by root only")
    suite, *packages = suite_and_packages
    call(["debootstrap", "--variant=minbase", f"--include={','.join(packages)}", suite, into])
    shutil.rmtree(into / "var/cache/apt", ignore_errors=True)


def maven(into: Path, packages: list[str], _published_before: str, _needed: dict[str, Path]) -> None:
    """A folder `jars`, with all that they need at run time. What they need is chosen by their authors, exactly."""
    wanted = [re.fullmatch("(.+):(.+)@(.+)", package).groups() for package in packages]
    row = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
    rows = "".join(row.format(*names) for names in wanted)
    itself = "<groupId>-</groupId><artifactId>-</artifactId><version>0</version>"
    (into / "pom.xml").write_text(
        f"<project><modelVersion>4.0.0</modelVersion>{itself}<dependencies>{rows}</dependencies></project>"
    )
    where = [f"-Dmaven.repo.local={into}/repository", f"-DoutputDirectory={into}/jars", "-DincludeScope=runtime"]
    call(["mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", *where], cwd=into)
    shutil.rmtree(into / "repository")


RECIPES = {"pip": pip, "python": python, "npm": npm, "maven": maven, "debian": debian, "debootstrap": debootstrap}

# Installs that a recipe itself needs.
NEEDS = {"python": ["uv"], "maven": ["java"], "debootstrap": ["debootstrap"]}


def interpreter(kind: str) -> str:
    """What else an install depends on: other interpreter, other install."""
    if kind == "npm":
        return f"node {called(['node', '--version'])} npm {called(['npm', '--version'])} {platform.machine()}"
    if kind == "maven":
        # Maven brings its plugins' versions; by Java and the computer, packages choose what they need.
        maven_and_java = called(["mvn", "--batch-mode", "--version"]).splitlines()[:3]
        return " ".join([*maven_and_java, platform.machine()])
    return f"{PYTHON} {sys.version} {platform.machine()} {platform.libc_ver()}"


def called(argv: list) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


def call(argv: list, **options) -> None:
    """Runs one step; its output is shown only if it fails."""
    argv = [str(word) for word in argv]
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", **options
        )
    except OSError as why:
        raise Failure(f"`{argv[0]}` does not run: {why}") from why
    if done.returncode:
        raise Failure(f"`{' '.join(argv)}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
