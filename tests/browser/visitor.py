"""A visitor without a browser: speaks Streamlit's messages over its WebSocket, and says what came back and how fast."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.browser.server import Server

INCIDENT = "could not be shown. Incident"  # how a page says that a part of it crashed
ENDED_WELL = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Answer:
    """One script run as its visitor saw it.

    Attributes:
        seconds: from asking to the end of the run.
        elements: how many of each kind were drawn, containers not counted.
        pages: the addresses that the sidebar offers; empty when the script called no `st.navigation`.
        errors: what each exception box and each incident box said.
        text: everything that was sent, as text in one piece, to look for words in.
    """

    seconds: float = 0.0
    size_bytes: int = 0
    elements: Counter[str] = field(default_factory=Counter)
    pages: tuple[str, ...] = ()
    is_page_not_found: bool = False
    has_ended_well: bool = False
    errors: list[str] = field(default_factory=list)
    text: str = ""


class Visitor:
    """One session. Each `ask` is one script run."""

    def __init__(self, connection: ClientConnection, *, keep_text: bool):
        self._connection = connection
        self._keep_text = keep_text

    async def ask(self, page_name: str = "", query: str = "") -> Answer:
        """What the server draws for that page and query string, read to the end of the run."""
        message = BackMsg()
        message.rerun_script.page_name = page_name
        message.rerun_script.query_string = query
        message.rerun_script.context_info.timezone = "UTC"
        message.rerun_script.context_info.locale = "en-GB"
        answer, began, kept = Answer(), time.perf_counter(), []
        await self._connection.send(message.SerializeToString())
        while True:
            received = await self._connection.recv()
            told = ForwardMsg.FromString(received if isinstance(received, bytes) else received.encode())
            answer.size_bytes += len(received)
            if self._keep_text:
                kept.append(str(told))
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                drawn = told.delta.new_element
                answer.elements[drawn.WhichOneof("type") or "empty"] += 1
                if drawn.HasField("exception"):
                    answer.errors.append(f"{drawn.exception.type}: {drawn.exception.message}")
                if INCIDENT in drawn.markdown.body:
                    answer.errors.append(drawn.markdown.body)
            elif kind == "navigation":
                answer.pages = tuple(page.url_pathname for page in told.navigation.app_pages)
            elif kind == "page_not_found":
                answer.is_page_not_found = True
            elif kind == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    # The run that follows draws the page anew; what counts is the page as it stands in the end.
                    answer.elements.clear()
                    answer.errors.clear()
                    continue
                answer.seconds = time.perf_counter() - began
                answer.has_ended_well = told.script_finished in ENDED_WELL and not answer.errors
                answer.text = "\n".join(kept)
                return answer


@asynccontextmanager
async def visiting(server: Server, *, keep_text: bool = False, cookie: str = "") -> AsyncIterator[Visitor]:
    """A new session on that server, closed on the way out.

    Args:
        cookie: what a browser would send along, such as `crossdock_session=…`.
    """
    async with connect(
        server.socket_url,
        subprotocols=["streamlit"],
        origin=server.url,
        additional_headers={"Cookie": cookie} if cookie else None,
        max_size=None,
        compression=None,
    ) as connection:
        yield Visitor(connection, keep_text=keep_text)


def first_visit(server: Server, page_name: str, *, patience_seconds: float = 60, cookie: str = "") -> Answer:
    """What a new session gets that asks for this page first; everything it was sent is kept as text."""

    async def visit() -> Answer:
        async with visiting(server, keep_text=True, cookie=cookie) as visitor:
            return await asyncio.wait_for(visitor.ask(page_name), patience_seconds)

    # In a thread of its own: where a Chromium is open, this one belongs to Playwright's event loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit()).result()
