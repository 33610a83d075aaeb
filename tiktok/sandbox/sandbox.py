"""The sandbox as an object: start it, drive it, stop it. For tests and for the command line."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tiktok.sandbox import control_orders, control_reports, pulls, webhooks
from tiktok.sandbox.control_orders import Json
from tiktok.sandbox.server import SandboxServer
from tiktok.sandbox.state import SandboxError
from tiktok.sandbox.world import World


class Sandbox:
    """A pretend TikTok that listens on a socket.

        with Sandbox(folder) as sandbox:
            sandbox.make_creator("alice")
            tokens = sandbox.connect("alice")
            requests.get(sandbox.url + "/v2/user/info/?fields=open_id", ...)

    Everything that it remembers is in `state_folder`: a new Sandbox over the same folder goes on
    where the old one ended, however that was. `port` 0 takes any free one.
    """

    def __init__(
        self,
        state_folder: Path | str,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        allowed_hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._folder = Path(state_folder)
        self._address = (host, port)
        self._allowed_hosts = allowed_hosts
        self._world: World | None = None
        self._server: SandboxServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to listen. Raises SandboxError when the port or the folder is taken."""
        world = World(self._folder)
        try:
            self._server = SandboxServer(self._address, world, self._allowed_hosts)
        except OSError as error:
            world.close()
            host, port = self._address
            raise SandboxError(
                f"The TikTok sandbox can not listen on {host}:{port}: {error.strerror}."
            ) from error
        self._world = world
        pulls.go_on(world)
        world.beside(webhooks.keep_telling, world)
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer what is being asked, for a moment, then close every connection."""
        if self._server is None or self._world is None or self._thread is None:
            return
        self._world.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()
        self._world.close()
        self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def world(self) -> World:
        if self._world is None:
            raise SandboxError("The sandbox has not been started.")
        return self._world

    @property
    def port(self) -> int:
        if self._server is None:
            return self._address[1]
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{self._address[0]}:{self.port}"

    # What the control endpoint does, without the way over the socket.

    def state(self) -> Json:
        return control_reports.state(self.world, {})

    def requests(self, endpoint: str | None = None) -> list[Json]:
        body = {"endpoint": endpoint} if endpoint else {}
        found: list[Json] = control_reports.requests(self.world, body)["requests"]
        return found

    def uploads(self, publish_id: str | None = None) -> list[Json]:
        body = {"publish_id": publish_id} if publish_id else {}
        found: list[Json] = control_reports.uploads(self.world, body)["uploads"]
        return found

    def pulls(self, publish_id: str | None = None) -> list[Json]:
        body = {"publish_id": publish_id} if publish_id else {}
        found: list[Json] = control_reports.fetches(self.world, body)["pulls"]
        return found

    def videos(self) -> list[Json]:
        found: list[Json] = control_reports.live_videos(self.world, {})["videos"]
        return found

    def publications(self) -> list[Json]:
        found: list[Json] = self.state()["publications"]
        return found

    def change_settings(self, **changes: Any) -> Json:
        return control_orders.change_settings(self.world, changes)

    def make_creator(self, handle: str, **values: Any) -> Json:
        return control_orders.make_creator(self.world, {"handle": handle} | values)

    def change_creator(self, handle: str, **values: Any) -> Json:
        return control_orders.change_creator(self.world, values, handle)

    def remove_access(self, handle: str, **values: Any) -> None:
        control_orders.remove_access(self.world, values, handle)

    def authorize(self, creator: str, **values: Any) -> Json:
        """Return the parameters of the callback: code, scopes, state."""
        return control_orders.authorize(self.world, {"creator": creator} | values)

    def connect(self, creator: str, scopes: list[str] | None = None) -> Json:
        """Return an answer of the token endpoint."""
        body: Json = {"creator": creator} | ({} if scopes is None else {"scopes": scopes})
        return control_orders.connect(self.world, body)

    def webhooks(self) -> list[Json]:
        found: list[Json] = control_reports.webhooks(self.world, {})["webhooks"]
        return found

    def send_webhook(self, event: str, creator: str, **values: Any) -> int:
        """Tell the app anything; returns the webhook's id."""
        spec = {"event": event, "creator": creator} | values
        number: int = control_orders.send_webhook(self.world, spec)["id"]
        return number

    def repeat_webhook(self, number: int) -> None:
        control_orders.repeat_webhook(self.world, {}, str(number))

    def post_draft(self, publish_id: str, **values: Any) -> str:
        video_id: str = control_orders.post_draft(self.world, values, publish_id)["video_id"]
        return video_id

    def drop_draft(self, publish_id: str) -> None:
        control_orders.drop_draft(self.world, {}, publish_id)

    def add_trouble(self, endpoint: str, kind: str, **values: Any) -> int:
        """Queue a trouble (see troubles.py); returns its id."""
        spec = {"endpoint": endpoint, "kind": kind} | values
        number: int = control_orders.add_trouble(self.world, spec)["id"]
        return number

    def wait_for_trouble(self, number: int, *, hits: int = 1, seconds: float = 10) -> bool:
        """Wait until a trouble has come about; False: it has not, in `seconds`."""
        return self.world.troubles.wait(number, hits=hits, seconds=seconds)

    def release_trouble(self, number: int) -> None:
        self.world.troubles.release(number)

    def clear_troubles(self) -> None:
        self.world.troubles.forget_everything()

    def reset(self) -> None:
        self.world.reset()
