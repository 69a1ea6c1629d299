"""Docker: an image of an Azure registry, by a credential helper. No engine runs here: its command line asks the registry itself."""

import json
import shutil

from harness.errors import check, check_equal

INSTALLS = ["docker"]

REGISTRY = "https://containerregistry.azure.net"


def run(bed):
    sandbox = bed.sandbox
    bed.entra("login", "--refresh-token-stdin", "--host", sandbox.workspace, stdin=sandbox.refresh_token())
    # The sandbox's registry answers where its authority does.
    server = sandbox.authority.removeprefix("https://")
    config = bed.home / ".entra-token/config.toml"
    entry = {"name": sandbox.authority, "resource": REGISTRY, "authority": sandbox.authority}
    lines = [f'{name} = "{value}"' for name, value in entry.items()]
    config.write_text("\n".join([config.read_text(), "[[host]]", *lines, ""]))
    links = bed.home / "bin"
    links.mkdir()
    bed.entra("link", links, "docker")
    environment = bed.environment(DOCKER_CONFIG=bed.home / ".docker")
    docker = shutil.which("docker")
    environment["PATH"] = f"{links}:{environment['PATH']}"
    (bed.home / ".docker").mkdir()

    def helped(helpers):
        (bed.home / ".docker/config.json").write_text(json.dumps({"credHelpers": helpers}))

    def inspects(**options):
        return bed.run([docker, "manifest", "inspect", f"{server}/demo:latest"], env=environment, **options)

    version = bed.run([docker, "--version"], env=environment).stdout.split()[2].rstrip(",")
    with bed.case(f"docker {version}: without us the registry lets nobody in"):
        helped({})
        inspects(status=1)
    with bed.case("reads an image's manifest from the registry"):
        helped({server: "entra"})
        manifest = json.loads(inspects().stdout)
        check_equal("the manifest's version", manifest["schemaVersion"], 2)
    with bed.case("docker login saves nothing, and says so"):
        secret = "no-token-of-anybody"
        saved = bed.run(
            [docker, "login", "--username", "ana", "--password-stdin", server],
            env=environment, stdin=secret, status=1,
        )
        check(secret not in saved.stdout + saved.stderr, "it shows the password")
        check(secret not in (bed.home / ".docker/config.json").read_text(), "it saved the password")
    with bed.case("nobody signed in: the helper says how, and the registry lets nobody in"):
        bed.entra("logout", "--all")
        inspects(status=1)
        told = bed.run([links / "docker-credential-entra", "get"], env=environment, stdin=server, status=1)
        check("entra-token login" in told.stdout, told.stdout)
        check_equal("standard error", told.stderr, "")
