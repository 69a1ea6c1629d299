"""A proxy behind which hosts have their real names: `https://adb-1.2.azuredatabricks.net` is the sandbox's workspace."""

import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .bed import Bed
from .certificates import Certificates
from .guarded import Answer, Asked

# Said anew by each connection.
HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding", "accept-encoding"}


class Proxy:
    """Answers for the `hosts`, as each one's function says, under TLS; there is no other host."""

    def __init__(self, bed: Bed, hosts: dict[str, Callable[[Asked], Answer]]) -> None:
        self._bed = bed
        self._hosts = hosts
        # Whom a program asked through us: method, host, path.
        self.asked: list[tuple[str, str, str]] = []
        made = Certificates(bed, *hosts)
        self.ca = made.ca
        self.ca_file = made.trusted
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(made.leaf, made.key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def environment(self, **more) -> dict[str, str]:
        """The bed's, which leads through here."""
        trusting = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), self.ca_file)
        through = {
            "HTTPS_PROXY": f"http://127.0.0.1:{self._server.server_address[1]}",
            "NO_PROXY": "127.0.0.1,localhost",
        }
        return self._bed.environment(**{**trusting, **through, **more})

    def close(self) -> None:
        self._server.shutdown()

    def _handler(proxy) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            host = None

            def do_CONNECT(self) -> None:
                name = self.path.removesuffix(":443")
                if name not in proxy._hosts:
                    self.send_error(502, f"there is no {name}")
                    return
                self.send_response(200)
                self.end_headers()
                try:
                    self.connection = proxy._tls.wrap_socket(self.connection, server_side=True)
                except OSError as why:
                    proxy._bed.log(f"-- the proxy: TLS as {name}: {why}")
                    self.close_connection = True
                    return
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", buffering=0)
                self.host = name

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.host is None:
                    self.send_error(400, "only TLS goes through here")
                    return
                proxy.asked.append((self.command, self.host, self.path))
                answer = proxy._hosts[self.host](Asked(self.command, self.path, dict(self.headers), body))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = answer

            def log_message(self, shape: str, *values: object) -> None:
                proxy._bed.log(f"-- the proxy, {self.host}: {shape % values}")

        return Handler


def forwards(base: str, trusting: ssl.SSLContext) -> Callable[[Asked], Answer]:
    """What `base`, a server on loopback, answers to the same request."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trusting), urllib.request.ProxyHandler({}), NoRedirects
    )

    def ask(asked: Asked) -> Answer:
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in HOP_BY_HOP}
        request = urllib.request.Request(base + asked.path, asked.body or None, headers, method=asked.method)
        try:
            answer = opener.open(request, timeout=20)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            said = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            return Answer(answer.read(), answer.status, said)

    return ask


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Redirects are for whoever asked."""

    def redirect_request(self, *_) -> None:
        return None
