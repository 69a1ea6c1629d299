"""How an install is made, one recipe for each kind of package. A new kind is a function and a row in RECIPES."""

import atexit
import functools
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .catalogue import HERE
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


def go(into: Path, words: list[str], _published_before: str, _needed: dict[str, Path]) -> None:
    """Programs of Go in `bin`. `MODULE@VERSION` pins a module; a word with a leading dot is a package of the one module
    that is named, built from a copy of its source, so that its `replace` lines count; another word is a program of
    ours in `programs/go`, built with the modules that are named. Nothing else stays: no module, no object."""
    caches = go_caches(into.parent)
    flags = "-modcacherw -trimpath -buildvcs=false"
    env = {**os.environ, "GOTOOLCHAIN": "local", "CGO_ENABLED": "0", "GOFLAGS": flags, "GOWORK": "off"}
    env |= {"GOMODCACHE": str(caches / "modules"), "GOCACHE": str(caches / "objects")}
    build = ["go", "build", "-ldflags=-s -w", "-o", f"{into / 'bin'}/"]
    pinned = [word.split("@") for word in words if "@" in word]
    for word in words:
        if "@" in word:
            continue
        with tempfile.TemporaryDirectory(prefix="source-", dir=caches) as folder:
            source = Path(folder) / "source"
            if word.startswith("."):
                [[module, version]] = pinned
                told = called(["go", "mod", "download", "-json", f"{module}@{version}"], env=env)
                # The cache is made writable, so the copy is: nothing here needs more.
                shutil.copytree(json.loads(told)["Dir"], source)
                # Of a `vendor` folder the proxy keeps the list alone, which would then be believed.
                shutil.rmtree(source / "vendor", ignore_errors=True)
                call([*build, word], cwd=source, env=env)
            else:
                shutil.copytree(HERE / "programs/go" / word, source)
                lines = [f"module {word}", f"go {go_language()}", *(f"require {' '.join(pin)}" for pin in pinned)]
                (source / "go.mod").write_text("\n".join(lines) + "\n")
                call([*build, "-mod=mod", "."], cwd=source, env=env)


@functools.cache
def go_caches(beside: Path) -> Path:
    """Modules and objects for all installs of one run, which share a lot; they go when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="making-go-", dir=beside))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def go_language() -> str:
    """`1.26`: the language of the compiler that is here."""
    return ".".join(called(["go", "env", "GOVERSION"]).removeprefix("go").split(".")[:2])


def cargo(into: Path, words: list[str], _published_before: str, _needed: dict[str, Path]) -> None:
    """A program of ours in `programs/rust`, the word without a version, with the crates that the others pin as
    `CRATE@VERSION`. What these need is chosen by its Cargo.lock. Only the program stays, in `bin`."""
    program, pins = cargo_words(words)
    with tempfile.TemporaryDirectory(prefix="making-cargo-", dir=into.parent) as folder:
        source = Path(folder) / "source"
        shutil.copytree(HERE / "programs/rust" / program, source)
        manifest = (source / "Cargo.toml").read_text()
        for crate, version in pins.items():
            row = f'\n{crate} = {{ version = '
            if f'{row}"pinned"' not in manifest:
                raise Failure(f"the Cargo.toml of `{program}` has no `{crate}` to pin")
            manifest = manifest.replace(f'{row}"pinned"', f'{row}"={version}"')
        (source / "Cargo.toml").write_text(manifest)
        env = {**os.environ, "CARGO_TARGET_DIR": str(Path(folder) / "target"), "CARGO_INCREMENTAL": "0"}
        call(["cargo", "build", "--locked", "--quiet"], cwd=source, env=env)
        (into / "bin").mkdir()
        call(["strip", "-o", into / "bin" / program, Path(folder) / "target/debug" / program])


def cargo_words(words: list[str]) -> tuple[str, dict[str, str]]:
    """The program, and the versions of crates."""
    (program,) = [word for word in words if "@" not in word]
    return program, dict(word.split("@") for word in words if "@" in word)


RECIPES = {
    "pip": pip,
    "python": python,
    "npm": npm,
    "maven": maven,
    "go": go,
    "cargo": cargo,
    "debian": debian,
    "debootstrap": debootstrap,
}

# Installs that a recipe itself needs.
NEEDS = {"python": ["uv"], "maven": ["java"], "debootstrap": ["debootstrap"]}


def interpreter(kind: str, what: list) -> str:
    """What else an install depends on: other interpreter or compiler, other source of ours, other install."""
    if kind == "go":
        source = hashlib.sha256()
        for file in sorted(file for word in what for file in (HERE / "programs/go" / word).glob("*.go")):
            source.update(file.read_bytes())
        return f"{called(['go', 'version'])} source {source.hexdigest()[:12]}"
    if kind == "cargo":
        folder = HERE / "programs/rust" / cargo_words(what)[0]
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        source = hashlib.sha256(b"".join(file.read_bytes() for file in files))
        return f"{called(['rustc', '-vV'])} source {source.hexdigest()[:12]}"
    if kind == "npm":
        return f"node {called(['node', '--version'])} npm {called(['npm', '--version'])} {platform.machine()}"
    if kind == "maven":
        # Maven brings its plugins' versions; by Java and the computer, packages choose what they need.
        maven_and_java = called(["mvn", "--batch-mode", "--version"]).splitlines()[:3]
        return " ".join([*maven_and_java, platform.machine()])
    return f"{PYTHON} {sys.version} {platform.machine()} {platform.libc_ver()}"


def called(argv: list, **options) -> str:
    """What a program prints."""
    return call(argv, **options).strip()


def call(argv: list, **options) -> str:
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
    return done.stdout
