"""The Chromium that the journeys run in: Debian's, started so that it asks nobody outside for anything.

`python -m tests.browser.chromium` says whether it is there, and how to install it where it is not.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",  # tests run as root in a container, where the sandbox cannot start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MISSING = """Chromium is not installed, and the journeys need it.
  Debian and Ubuntu:  apt-get install chromium
  elsewhere:          install Chromium or Chrome and name it: CROSSDOCK_CHROMIUM=/path/to/chromium make browser"""


def executable() -> str | None:
    """Path of the browser to start: `CROSSDOCK_CHROMIUM`, else the first that is installed, else None."""
    named = os.environ.get("CROSSDOCK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, closed on the way out."""
    path = executable()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(None if executable() else MISSING)
