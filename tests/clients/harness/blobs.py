"""An Azure Storage account as far as Terraform's `azurerm` backend asks it: blobs of one container, with leases.

Names, headers and statuses are those of the Blob service's REST API."""

import threading
import uuid
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from .guarded import Answer, Asked


class Blob:
    """Its content, its metadata, and who holds it."""

    def __init__(self) -> None:
        self.content = b""
        self.metadata: dict[str, str] = {}
        self.lease: str | None = None


class Blobs:
    """Answers whoever brings a Bearer token, and remembers it."""

    def __init__(self) -> None:
        self.held: dict[str, Blob] = {}
        self.tokens: set[str] = set()
        # How often somebody got hold of a blob.
        self.leases = 0
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Answer:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            return refusal(401, "NoAuthenticationInformation")
        target = urlsplit(asked.path)
        wanted = {name: values[0] for name, values in parse_qs(target.query).items()}
        with self._lock:
            self.tokens.add(token)
            if wanted.get("comp") == "list":
                return self._listed(wanted.get("prefix", ""))
            name = target.path.removeprefix("/").partition("/")[2]
            if asked.method == "PUT" and not wanted:
                return self._put(name, headers, asked.body)
            if name not in self.held:
                return refusal(404, "BlobNotFound")
            return self._of(self.held[name], asked.method, wanted.get("comp"), headers)

    def _listed(self, prefix: str) -> Answer:
        names = "".join(f"<Blob><Name>{escape(name)}</Name></Blob>" for name in self.held if name.startswith(prefix))
        body = f"<EnumerationResults><Blobs>{names}</Blobs><NextMarker/></EnumerationResults>"
        return Answer(body.encode(), headers={"Content-Type": "application/xml"})

    def _put(self, name: str, headers: dict[str, str], body: bytes) -> Answer:
        blob = self.held.setdefault(name, Blob())
        if blob.lease != headers.get("x-ms-lease-id"):
            return refusal(412, "LeaseIdMissing")
        blob.content = body
        blob.metadata = metadata(headers)
        return Answer(status=201)

    def _of(self, blob: Blob, method: str, part: str | None, headers: dict[str, str]) -> Answer:
        if part == "lease":
            return self._leased(blob, headers)
        if method in ("GET", "HEAD"):
            return Answer(blob.content, headers={**told(blob), "Content-Type": "application/json"})
        if blob.lease != headers.get("x-ms-lease-id"):
            return refusal(412, "LeaseIdMissing")
        if method == "PUT" and part == "metadata":
            blob.metadata = metadata(headers)
            return Answer()
        return refusal(400, "InvalidQueryParameterValue")

    def _leased(self, blob: Blob, headers: dict[str, str]) -> Answer:
        match headers.get("x-ms-lease-action"):
            case "acquire" if blob.lease is None:
                blob.lease = headers.get("x-ms-proposed-lease-id") or str(uuid.uuid4())
                self.leases += 1
                return Answer(status=201, headers={"x-ms-lease-id": blob.lease})
            case "acquire":
                return refusal(409, "LeaseAlreadyPresent")
            case "release" if blob.lease == headers.get("x-ms-lease-id"):
                blob.lease = None
                return Answer()
        return refusal(409, "LeaseIdMismatchWithLeaseOperation")


def metadata(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("x-ms-meta-")}


def told(blob: Blob) -> dict[str, str]:
    leased = {"x-ms-lease-status": "locked" if blob.lease else "unlocked", "x-ms-blob-type": "BlockBlob"}
    return {**blob.metadata, **leased}


def refusal(status: int, code: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return Answer(body.encode(), status, {"Content-Type": "application/xml", "x-ms-error-code": code})
