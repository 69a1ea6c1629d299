"""Hosts that have their real names without a proxy between, for programs that know none."""

import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .bed import Bed
from .errors import check
from .guarded import Answer, Asked
from .isolation import spaces
from .proxy import Proxy

# Port 443 of the other address is Entra ID's.
ADDRESS = "127.0.0.2"


class Named(Proxy):
    """As `Proxy`, but the names themselves lead here."""

    def __init__(self, bed: Bed, hosts: dict[str, Callable[[Asked], Answer]]) -> None:
        # Without a namespace of our own, the names would lead here for everybody.
        check(spaces(), "real names take namespaces, which this computer does not give")
        super().__init__(bed, hosts)
        names = bed.folder / "hosts"
        names.write_text(f"127.0.0.1 localhost\n{ADDRESS} {' '.join(hosts)}\n")
        # It ends with the client's namespace.
        subprocess.run(["mount", "--bind", names, "/etc/hosts"], check=True)
        self._server_at_names = ThreadingHTTPServer((ADDRESS, 443), self._handler_at_names())
        self._server_at_names.socket = self._tls.wrap_socket(self._server_at_names.socket, server_side=True)
        threading.Thread(target=self._server_at_names.serve_forever, daemon=True).start()

    def environment(self, **more) -> dict[str, str]:
        """The bed's, with trust in the server here."""
        trusting = dict.fromkeys(
            ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), self.ca_file
        )
        return self._bed.environment(**{**trusting, **more})

    def close(self) -> None:
        self._server_at_names.shutdown()
        super().close()

    def _handler_at_names(self) -> type[BaseHTTPRequestHandler]:
        class Handler(self._handler()):
            def parse_request(self) -> bool:
                understood = super().parse_request()
                if understood:
                    self.host = self.headers["Host"]
                return understood

        return Handler
