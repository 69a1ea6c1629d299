"""A web server over TLS that answers to a token only, as Bearer or as the password of Basic."""

import base64
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .bed import Bed
from .certificates import Certificates


# Azure DevOps: what the server's tokens are for.
RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798"


@dataclass
class Asked:
    """A request that was let in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Guarded:
    """Serves `pages` on 127.0.0.1 to whoever brings `token`; our configuration knows it as a host of its own."""

    def __init__(self, bed: Bed, pages: Callable[[Asked], Answer]) -> None:
        self._bed = bed
        self._pages = pages
        # The only token that is taken; nobody's at first.
        self.token: str | None = None
        # The words before the credentials that were sent, in order; None where there were none.
        self.schemes: list[str | None] = []
        made = Certificates(bed)
        self.ca = made.ca
        self.ca_file = made.trusted
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(made.leaf, made.key)
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"https://{self.host}"
        config = bed.home / ".entra-token/config.toml"
        entry = {"name": self.url, "resource": RESOURCE, "authority": bed.sandbox.authority}
        lines = [f'{name} = "{value}"' for name, value in entry.items()]
        config.write_text("\n".join([config.read_text(), "[[host]]", *lines, ""]))

    def takes_the_held_token(self) -> str:
        """From now on it takes the token that is held for it, and no other."""
        self.token = self._bed.entra("get", "--host", self.url, "-o", "token", env=self.environment()).stdout.strip()
        return self.token

    def environment(self, **more) -> dict[str, str]:
        """The bed's, with trust in this server as well."""
        trusting = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), self.ca_file)
        return self._bed.environment(**{**trusting, **more})

    def close(self) -> None:
        self._server.shutdown()

    def _lets_in(self, header: str | None) -> bool:
        scheme, _, credentials = (header or "").partition(" ")
        self.schemes.append(scheme or None)
        if scheme == "Basic":
            credentials = base64.b64decode(credentials).decode().partition(":")[2]
        return self.token is not None and credentials == self.token

    def _handler(guarded) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                tenant = guarded._bed.sandbox.tenant
                if guarded._lets_in(self.headers.get("Authorization")):
                    answer = guarded._pages(Asked(self.command, self.path, dict(self.headers), body))
                else:
                    answer = Answer(b"who are you?", 401)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status == 401:
                    uri = f"https://login.microsoftonline.com/{tenant}"
                    self.send_header("WWW-Authenticate", f"Bearer authorization_uri={uri}")
                    self.send_header("WWW-Authenticate", 'Basic realm="here"')
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            do_GET = do_HEAD = do_POST = do_PUT = answer

            def log_message(self, shape: str, *values: object) -> None:
                guarded._bed.log(f"-- the guarded server: {shape % values}")

        return Handler
