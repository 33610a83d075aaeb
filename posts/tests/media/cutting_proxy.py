"""A network between us and a server that counts, and that cuts connections when told to."""

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit


class CuttingProxy:
    """Passes connections on to `url`, each until so many bytes have come back through it."""

    def __init__(self, url: str, *, cut_after: int | None = None) -> None:
        self.target = urlsplit(url).hostname, urlsplit(url).port
        self.cut_after = cut_after
        self.connections = 0
        self.bytes_back = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            self.connections += 1
            server = socket.create_connection(self.target)
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            forward = threading.Thread(target=self._forward, args=(client, server), daemon=True)
            forward.start()
            self._backward(client, server)
            for end in (client, server):
                with suppress(OSError):  # the other side may have gone already
                    end.shutdown(socket.SHUT_RDWR)
            forward.join()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)

    def _backward(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := server.recv(65536):
                limit = self.cut_after  # once, since it may change while this is passed on
                if limit is not None:
                    data = data[: max(0, limit - passed)]
                client.sendall(data)
                passed += len(data)
                with self._lock:
                    self.bytes_back += len(data)
                if limit is not None and passed >= limit:
                    return
