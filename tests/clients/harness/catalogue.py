"""The clients: every `callers/NAME.py` and `callers/NAME/client.py`."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from .errors import Failure

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
CALLERS = HERE / "callers"


@dataclass
class Client:
    """One client as its file describes it."""

    name: str
    # The first line of the file's docstring.
    title: str
    # Names of versions.toml.
    installs: list[str]
    # What it may take, without its installs.
    limit: int
    # Runs its cases on a `Bed`.
    run: Callable

    @property
    def folder(self) -> Path:
        return CALLERS / self.name


def clients() -> dict[str, Client]:
    """All of them, by name."""
    files = [*CALLERS.glob("*.py"), *CALLERS.glob("*/client.py")]
    named = {file.parent.name if file.name == "client.py" else file.stem: file for file in files}
    return {name: described(name, named[name]) for name in sorted(named)}


def chosen(known: dict[str, Client], names: list[str]) -> list[Client]:
    """Those named, or all."""
    for name in names:
        if name not in known:
            raise Failure(f"no client `{name}`; there are: {' '.join(known)}")
    return [known[name] for name in names or known]


def described(name: str, file: Path) -> Client:
    module = loaded(name, file)
    title = (module.__doc__ or "").strip().splitlines()
    if not title:
        raise Failure(f"{file} does not say what it proves")
    return Client(name, title[0], list(module.INSTALLS), getattr(module, "SECONDS", 300), module.run)


def loaded(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"caller_{name}", file)
    if spec is None or spec.loader is None:
        raise Failure(f"{file} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
