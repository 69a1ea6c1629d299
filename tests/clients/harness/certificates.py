"""A server's key and certificate, from an authority of its own, for servers that are not the sandbox."""

from .bed import Bed


class Certificates:
    """`ca` is for those who trust; `key` and `leaf` for a server named localhost or 127.0.0.1, or as `more` says.
    `trusted` is one file for programs that take one: this authority, and the sandbox's."""

    def __init__(self, bed: Bed, *more: str) -> None:
        folder = bed.folder / "certificates"
        folder.mkdir()
        self.ca, self.leaf, self.key = (folder / name for name in ("ca.pem", "leaf.pem", "leaf.key"))
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        signer = ["-CA", self.ca, "-CAkey", folder / "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"]
        known = ",".join(["DNS:localhost", "IP:127.0.0.1", *(f"DNS:{name}" for name in more)])
        names = ["-addext", f"subjectAltName={known}", "-addext", "extendedKeyUsage=serverAuth"]
        make = ["openssl", "req", "-x509", *curve]
        bed.run([*make, "-subj", "/CN=a provider's CA", "-keyout", folder / "ca.key", "-out", self.ca])
        bed.run([*make, "-subj", "/CN=localhost", *signer, *names, "-keyout", self.key, "-out", self.leaf])
        self.trusted = folder / "trusted.pem"
        with open(bed.sandbox.ca_file, encoding="ascii") as sandbox:
            self.trusted.write_text(self.ca.read_text() + sandbox.read())
