"""pip and uv: a package of an index that wants a token, by a program named keyring."""

import io
import zipfile

from harness.errors import check, check_equal
from harness.guarded import Answer, Guarded

INSTALLS = ["openssl", "uv", "pip"]
WHEEL = "demo-1.0.0-py3-none-any.whl"


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    server = Guarded(bed, index)
    links = bed.home / "bin"
    links.mkdir()
    bed.entra("link", links, "keyring")
    environment = server.environment(PIP_CERT=server.ca_file)
    environment["PATH"] = f"{links}:{environment['PATH']}"
    server.takes_the_held_token()
    simple = f"https://VssSessionToken@{server.host}/simple/"
    pip = [bed.installs["pip"] / "bin/python", "-m", "pip", "--disable-pip-version-check"]
    uv = [bed.installs["uv"] / "bin/uv", "--no-config", "--no-cache", "--system-certs"]
    ways = {
        "pip": [*pip, "install", "--no-cache-dir", "--keyring-provider", "subprocess"],
        "uv": [*uv, "pip", "install", "--keyring-provider", "subprocess", "--python", pip[0]],
    }
    for name, command in ways.items():
        version = bed.run([*(pip if name == "pip" else uv), "--version"], env=environment).stdout.split()
        with bed.case(f"{name} {version[1]}: installs a package"):
            into = bed.home / name
            server.schemes.clear()
            bed.run([*command, "--index-url", simple, "--target", into, "demo"], env=environment)
            check((into / "demo.py").exists(), "it is not there")
            check("Basic" in server.schemes, f"it sent {server.schemes}")
    with bed.case("what is no feed of ours has no password here"):
        none = bed.run([links / "keyring", "get", "https://pypi.example/simple/", "ana"], env=environment, status=1)
        check_equal("what is said", (none.stdout, none.stderr), ("", ""))
    server.close()


def index(asked) -> Answer:
    """A simple index with one wheel (PEP 503)."""
    if asked.path == "/simple/demo/":
        html = f'<!DOCTYPE html><html><body><a href="/files/{WHEEL}">{WHEEL}</a></body></html>'
        return Answer(html.encode(), headers={"Content-Type": "text/html"})
    if asked.path == f"/files/{WHEEL}":
        return Answer(wheel())
    return Answer(b"not here", 404)


def wheel() -> bytes:
    packed = io.BytesIO()
    about = "demo-1.0.0.dist-info"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("demo.py", "")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", f"demo.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return packed.getvalue()
