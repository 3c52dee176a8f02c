"""One person at one screen: opens addresses, waits until the page stands still, and notices what a person would not."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, expect

from tests.browser.chromium import DESK
from tests.browser.server import ROOT, Server

IMAGES = ROOT / "docs" / "images"
PATIENCE_MS = 30_000
APP_IS_DONE = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    // While a kind of element is still being fetched, grey boxes stand in its place.
    const greyBoxes = document.querySelectorAll('[data-testid$=Skeleton]').length;
    return app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
        && greyBoxes === 0;
}"""
CHARTS_ARE_DRAWN = "least => document.querySelectorAll('.js-plotly-plot .main-svg').length >= least"
# Resolves when nothing on the page has changed for 300 ms, or after 5 s in which something always did.
STANDS_STILL = """() => new Promise(resolve => {
    let quiet = setTimeout(resolve, 300);
    new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(resolve, 300); })
        .observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    setTimeout(resolve, 5000);
})"""


@dataclass
class Person:
    """A browser context of one's own: no cookies, no history, one size of screen, one colour scheme.

    Attributes:
        foreign: addresses of every request that left this machine's server; a journey fails when there is one.
        broken: every error that the page's own script threw.
    """

    server: Server
    context: BrowserContext
    page: Page
    foreign: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def goes_to(self, address: str, *, charts: int = 0) -> "Person":
        """Open an address of the app, such as `/orders?site=LYO`, and wait until it stands still.

        Args:
            charts: how many charts must be drawn before the page counts as ready.
        """
        self.page.goto(self.server.url + address, wait_until="domcontentloaded")
        return self.waits(charts=charts)

    def waits(self, *, charts: int = 0) -> "Person":
        """Wait until the script has run, the charts are drawn and nothing moves any more."""
        self.page.wait_for_selector("[data-testid=stApp]", timeout=PATIENCE_MS)
        self.page.wait_for_function(APP_IS_DONE, timeout=PATIENCE_MS)
        if charts:
            self.page.wait_for_function(CHARTS_ARE_DRAWN, arg=charts, timeout=PATIENCE_MS)
        self.page.evaluate(STANDS_STILL)
        return self

    def is_at(self, *parts: str) -> "Person":
        """Fail unless the address comes to hold each of the parts, such as `/orders` or `tab=lines`."""
        for part in parts:
            expect(self.page).to_have_url(re.compile(re.escape(part)), timeout=PATIENCE_MS)
        return self

    def sees(self, *words: str) -> "Person":
        """Fail unless each of the words can be read on the page."""
        for word in words:
            expect(self.page.get_by_text(word).first).to_be_visible(timeout=PATIENCE_MS)
        return self

    def sees_no_error(self) -> "Person":
        """Fail when the page shows an exception, an incident, or says that there is no such page."""
        expect(self.page.locator("[data-testid=stException]")).to_have_count(0)
        expect(self.page.locator("[class*=st-key-box_incident]")).to_have_count(0)
        expect(self.page.get_by_text("Page not found", exact=True)).to_have_count(0)
        return self

    def takes_picture(self, name: str, folder: Path) -> Path:
        """A picture of what is on the screen, in the given folder.

        With CROSSDOCK_SAVE_IMAGES=1 it goes to docs/images instead, if README.md shows a picture of that name.
        """
        is_shown = f"docs/images/{name}.png" in (ROOT / "README.md").read_text("utf-8")
        kept_in = IMAGES if is_shown and os.environ.get("CROSSDOCK_SAVE_IMAGES") == "1" else folder
        kept_in.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=kept_in / f"{name}.png")
        return kept_in / f"{name}.png"


def person(browser: Browser, server: Server, *, size: ViewportSize = DESK, scheme: str = "light") -> Person:
    """Someone new at a screen of that size (`DESK`, `PHONE`) who prefers `light` or `dark`."""
    context = browser.new_context(
        viewport=size, color_scheme="dark" if scheme == "dark" else "light", locale="en-GB", timezone_id="UTC"
    )
    somebody = Person(server, context, context.new_page())
    home = urlsplit(server.url).netloc

    def notice(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != home:
            somebody.foreign.append(request.url)

    context.on("request", notice)
    somebody.page.on(
        "websocket", lambda socket: urlsplit(socket.url).netloc != home and somebody.foreign.append(socket.url)
    )
    somebody.page.on("pageerror", lambda error: somebody.broken.append(str(error)))
    return somebody
