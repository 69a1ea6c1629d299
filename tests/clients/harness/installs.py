"""Installs, each made once for what made it and kept in the user's cache folder.

An install's folder carries a hash of its name, its versions, the interpreter and the recipe. It is built elsewhere and
renamed when it is whole; its manifest, written last, is compared each time. So a half-made or stale one is never used.
"""

import hashlib
import inspect
import json
import os
import shutil
import tempfile
import time
import tomllib
from pathlib import Path

from . import recipes
from .catalogue import HERE
from .errors import Failure

MANIFEST = "made-of.json"
# One that nobody used for so long is deleted.
DAYS = 14


def ensure(name: str) -> Path:
    """The folder of the install `name`, made now if there is none."""
    pins = versions()
    kind, what = described(name, pins)
    recipe = recipes.RECIPES[kind]
    if recipe is recipes.debian:
        # The system's own packages: its package manager knows what is there.
        return recipes.debian(what)
    needed = {need: ensure(need) for need in recipes.NEEDS.get(kind, [])}
    made_of = manifest(name, kind, what, pins["published_before"])
    place = folder() / f"{name}-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"
    if not whole(place, made_of):
        make(place, made_of, lambda into: recipe(into, what, pins["published_before"], needed))
    os.utime(place / MANIFEST)
    return place


def versions() -> dict:
    """versions.toml."""
    return tomllib.loads((HERE / "versions.toml").read_text())


def version(name: str, package: str) -> str:
    """`PACKAGE VERSION` as versions.toml pins it in the install `name`."""
    _, what = described(name, versions())
    for pinned in what:
        before, _, version = pinned.rpartition("==" if "==" in pinned else "@")
        if before == package:
            return f"{package} {version}"
    raise Failure(f"versions.toml pins no `{package}` in `{name}`")


def described(name: str, pins: dict) -> tuple[str, list]:
    """How the install is made, and of what."""
    entry = pins.get(name)
    if not isinstance(entry, dict) or len(entry) != 1 or not entry.keys() <= recipes.RECIPES.keys():
        raise Failure(f"versions.toml does not say how to make `{name}`; recipes are: {' '.join(recipes.RECIPES)}")
    return next(iter(entry.items()))


def forget_unused() -> None:
    """Deletes installs, whole or half-made, that nobody has used for long."""
    for place in folder().iterdir():
        stamp = place / MANIFEST if (place / MANIFEST).exists() else place
        if time.time() - stamp.stat().st_mtime > DAYS * 86400:
            shutil.rmtree(place, ignore_errors=True)


def folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = cache / "entra-token-ci" / "clients"
    place.mkdir(parents=True, exist_ok=True)
    return place


def manifest(name: str, kind: str, what: object, published_before: str) -> str:
    recipe = inspect.getsource(recipes.RECIPES[kind])
    made_of = {
        "name": name,
        kind: what,
        "published_before": published_before,
        "interpreter": recipes.interpreter(kind, what),
        "recipe": hashlib.sha256(recipe.encode()).hexdigest()[:12],
    }
    return json.dumps(made_of, indent=2) + "\n"


def whole(place: Path, made_of: str) -> bool:
    try:
        return (place / MANIFEST).read_text() == made_of
    except OSError:
        return False


def make(place: Path, made_of: str, recipe) -> None:
    print(f"   installing {place.name}", flush=True)
    # What stands there without its manifest is nobody's.
    shutil.rmtree(place, ignore_errors=True)
    making = Path(tempfile.mkdtemp(prefix=f"making-{place.name}-", dir=place.parent))
    try:
        recipe(making)
        (making / MANIFEST).write_text(made_of)
        try:
            making.rename(place)
        except OSError:
            # Another run was faster; its install is as good.
            if not whole(place, made_of):
                raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
