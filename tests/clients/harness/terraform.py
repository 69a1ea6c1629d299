"""Terraform in a folder, with providers from a mirror in the file system, as where no registry is reached."""

import json
import platform
from pathlib import Path

from .bed import Bed
from .catalogue import HERE
from .installs import version
from .programs import Ran, Running

INSTALL = "terraform"
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}


class Terraform:
    """One root module: `main` is its text."""

    def __init__(self, bed: Bed, name: str, main: str, environment: dict[str, str]) -> None:
        self._bed = bed
        self._env = environment
        self.folder = bed.home / name
        self.folder.mkdir()
        (self.folder / "main.tf").write_text(main)

    def __call__(self, *words: str, status: int = 0, **variables) -> Ran:
        """One command, to its end."""
        return self._bed.run(self.command(*words), status=status, **self.where(**variables))

    def start(self, *words: str, **variables) -> Running:
        """One command, in the background."""
        return self._bed.start(self.command(*words), **self.where(**variables))

    def command(self, *words: str) -> list:
        """What is run; nothing is coloured, nothing is asked."""
        verb, *rest = words
        quiet = {"plan": ["-input=false"], "apply": ["-input=false", "-auto-approve"], "init": ["-input=false"]}
        python = self._bed.installs[INSTALL] / "bin/python"
        return [python, HERE / "programs/terraform.py", verb, *quiet.get(verb, []), *rest]

    def where(self, **variables) -> dict:
        """Environment and folder of a command."""
        own = {"TF_CLI_ARGS": "-no-color", "CHECKPOINT_DISABLE": "1"}
        own |= {"TF_CLI_CONFIG_FILE": config} if (config := self._bed.folder / "terraform.rc").exists() else {}
        env = {**self._env, **own, **variables}
        return {"env": {name: str(value) for name, value in env.items()}, "cwd": self.folder}

    def outputs(self) -> dict:
        """What was applied, by the name of the output."""
        return {name: output["value"] for name, output in json.loads(self("output", "-json").stdout).items()}

    def state(self) -> str:
        """All that Terraform keeps."""
        return (self.folder / "terraform.tfstate").read_text()


def mirror(bed: Bed, providers: dict[str, tuple[str, str]]) -> None:
    """A mirror with `providers`: `NAMESPACE/TYPE` -> the install that has it, and the module that it is built of."""
    folder = bed.folder / "mirror"
    for address, (install, module) in providers.items():
        number = version(install, module).partition(" v")[2]
        kind = address.partition("/")[2]
        system = f"linux_{MACHINE[platform.machine()]}"
        place = folder / "registry.terraform.io" / address / number / system
        place.mkdir(parents=True)
        program = bed.installs[install] / "bin" / module.rpartition("/")[2]
        (place / f"terraform-provider-{kind}_v{number}").symlink_to(program)
    (bed.folder / "terraform.rc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{folder}"\n  }}\n}}\n'
    )


def required(*addresses: str) -> str:
    """The `terraform` block that asks for them."""
    wanted = "".join(f'    {name.partition("/")[2]} = {{ source = "{name}" }}\n' for name in addresses)
    return f"terraform {{\n  required_providers {{\n{wanted}  }}\n}}\n"


def flowed(text: str) -> str:
    """What was said, without the lines into which Terraform breaks it."""
    return " ".join(text.replace("\u2502", " ").split())
