"""The command line: `python -m pipelines COMMAND`; a refusal says what, why and how to fix it, and exits with 2."""

import logging
import sys
import uuid
from pathlib import Path

from errors import Refusal
from pipelines.arguments import parser
from pipelines.screen import console, print_json, show_refusal
from store.company import home


def main(argv: list[str] | None = None) -> int:
    """The exit code of a command: 0 done, 2 refused, 1 a defect of the program."""
    args = parser().parse_args(argv)
    screen, log = console(), _log()
    try:
        said = args.run(args, screen)
    except Refusal as refusal:
        if args.json:
            print_json({"what": refusal.what, "why": refusal.why, "fix": refusal.fix})
        else:
            show_refusal(screen, refusal)
        return 2
    except KeyboardInterrupt:
        screen.print("Stopped. Nothing was published; the last build stays in use.")
        return 130
    except Exception:
        number = uuid.uuid4().hex[:8]
        home().mkdir(parents=True, exist_ok=True)
        logging.getLogger("crossdock").exception("incident %s", number)
        screen.print(
            f"[bold]Something in Crossdock broke (incident {number}).[/] The last build stays in use. Details: {log}"
        )
        return 1
    if args.json:
        print_json(said)
    return 0


def _log() -> Path:
    """The file that keeps what is for us to read, such as a traceback; no person at the command line has to.

    It is begun with the first line that is written to it.
    """
    path = home() / "crossdock.log"
    shape = "%(asctime)s %(levelname)s %(name)s %(message)s"
    logging.basicConfig(handlers=[logging.FileHandler(path, delay=True)], format=shape)
    return path


if __name__ == "__main__":
    sys.exit(main())
