"""The colours of the theme, read from `.streamlit/config.toml` so that nothing else in the product names a colour."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"


@dataclass(frozen=True)
class Tokens:
    """One appearance, light or dark: surfaces, inks, states and chart colours as hex."""

    page: str
    panel: str
    text: str
    muted: str
    border: str
    hairline: str
    link: str
    good: str
    bad: str
    warn: str
    series: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]


NAMES = {
    "page": "backgroundColor",
    "panel": "secondaryBackgroundColor",
    "text": "textColor",
    "muted": "grayTextColor",
    "border": "borderColor",
    "hairline": "dataframeBorderColor",
    "link": "linkColor",
    "good": "greenTextColor",
    "bad": "redTextColor",
    "warn": "orangeTextColor",
    "series": "chartCategoricalColors",
    "sequential": "chartSequentialColors",
    "diverging": "chartDivergingColors",
}


@cache
def tokens(appearance: str) -> Tokens:
    """The colours of `light` or `dark`; what a deployment's own theme sets goes before what is shipped.

    >>> tokens("light").page
    '#ffffff'
    """
    shipped = tomllib.loads(CONFIG.read_text("utf-8"))["theme"][appearance]
    found: dict[str, Any] = {
        name: st.get_option(f"theme.{appearance}.{option}") or shipped[option] for name, option in NAMES.items()
    }
    for scale in ("series", "sequential", "diverging"):
        found[scale] = tuple(found[scale])
    return Tokens(**found)


def appearance() -> str:
    """`light` or `dark`, as this viewer's browser shows the page now."""
    return "dark" if st.context.theme.type == "dark" else "light"
