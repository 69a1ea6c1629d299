"""pnpm: a package of a registry that wants a token, by its token helper."""

import base64
import hashlib
import io
import json
import tarfile

from harness.errors import check
from harness.guarded import Answer, Guarded

INSTALLS = ["openssl", "pnpm"]


def run(bed):
    bed.entra("login", "--refresh-token-stdin", "--host", bed.sandbox.workspace, stdin=bed.sandbox.refresh_token())
    registry = Registry()
    server = Guarded(bed, registry)
    registry.url = server.url
    links = bed.home / "bin"
    links.mkdir()
    bed.entra("link", links, "npm")
    helper = f"//{server.host}/:tokenHelper={links}/npm-token-entra"
    (bed.home / ".npmrc").write_text(f"registry={server.url}/\ncafile={server.ca_file}\n{helper}\n")
    project = bed.home / "project"
    project.mkdir()
    (project / "package.json").write_text(json.dumps({"name": "project", "version": "1.0.0", "private": True}))
    pnpm = ["node", bed.installs["pnpm"] / "node_modules/pnpm/bin/pnpm.cjs"]
    environment = server.environment(NODE_EXTRA_CA_CERTS=server.ca_file)

    def runs(*words, **options):
        return bed.run([*pnpm, *words], env=environment, cwd=project, **options)

    server.takes_the_held_token()
    with bed.case(f"pnpm {runs('--version').stdout.strip()}: adds a package"):
        runs("add", "demo")
        check((project / "node_modules/demo/package.json").exists(), "it is not there")
        check("Bearer" in server.schemes, f"it sent {server.schemes}")
    server.close()


class Registry:
    """An npm registry with one package of one version."""

    url = ""

    def __init__(self) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            text = json.dumps({"name": "demo", "version": "1.0.0"}).encode()
            entry = tarfile.TarInfo("package/package.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
        self.package = packed.getvalue()

    def __call__(self, asked) -> Answer:
        if asked.path == "/demo":
            digest = base64.b64encode(hashlib.sha512(self.package).digest()).decode()
            dist = {"tarball": f"{self.url}/demo/-/demo-1.0.0.tgz", "integrity": f"sha512-{digest}"}
            version = {"name": "demo", "version": "1.0.0", "dist": dist}
            told = {"name": "demo", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            return Answer(json.dumps(told).encode(), headers={"Content-Type": "application/json"})
        if asked.path == "/demo/-/demo-1.0.0.tgz":
            return Answer(self.package)
        return Answer(b"{}", 404)
