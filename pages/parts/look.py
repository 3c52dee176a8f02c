"""Puts the kit's style sheet into the page, its colours filled in from the theme for light and dark alike."""

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

from pages.parts.tokens import Tokens, appearance, tokens

SHEETS = tuple(Path(__file__).with_name(name) for name in ("look.css", "door.css"))
INKS = ("page", "panel", "text", "muted", "border", "hairline", "link", "good", "bad", "warn")


def dress() -> None:
    """Sends the style sheet; once per run, before anything is drawn."""
    st.html(sheet())


def drawer() -> None:
    """Tells a drawer which appearance it stands in: it lies outside the part of the page that the browser knows it from."""
    st.html(f"<style>[data-testid='stDialog'] {{ color-scheme: {appearance()}; }}</style>")


def title(text: str, note: str = "") -> None:
    """The title of a panel, with a quieter note after it."""
    after = f" <small>{escape(note)}</small>" if note else ""
    st.html(f'<div class="cd-panel-title">{escape(text)}{after}</div>')


def note(text: str) -> None:
    """A quiet line under a picture or table."""
    st.html(f'<div class="cd-note">{escape(text)}</div>')


def pairs(listed: dict[str, str]) -> None:
    """A list of labels and values; both are shown letter by letter."""
    items = "".join(f"<dt>{escape(str(key))}</dt><dd>{escape(str(value))}</dd>" for key, value in listed.items())
    st.html(f'<dl class="cd-list">{items}</dl>')


@cache
def sheet() -> str:
    """The style sheet with its colours; `light-dark()` lets the browser choose, so a switch needs no rerun."""
    light, dark = tokens("light"), tokens("dark")
    colours = "".join(f"--cd-{ink}: light-dark({getattr(light, ink)}, {getattr(dark, ink)});" for ink in INKS)
    rules = "\n".join(path.read_text("utf-8") for path in SHEETS)
    return f"<style>:root {{{colours}}}\n{rules}\n{_charts_follow(light, dark)}</style>"


def _charts_follow(light: Tokens, dark: Tokens) -> str:
    """Rules by which a chart that was drawn in one appearance is repainted in the other without being drawn again."""
    pairs = {(getattr(light, ink), getattr(dark, ink)) for ink in INKS if ink != "page"}
    pairs |= set(zip(light.series, dark.series, strict=True))
    rules = []
    for pair in sorted(pairs):
        for paint in ("fill", "stroke"):
            marks = (
                f'[style*="{paint}: {_rgb(colour)}"], .js-plotly-plot [{paint}="{_rgb(colour)}"]' for colour in pair
            )
            drawn = ", ".join(f".js-plotly-plot {mark}" for mark in marks)
            rules.append(f"{drawn} {{ {paint}: light-dark({pair[0]}, {pair[1]}) !important; }}")
    return "\n".join(rules)


def _rgb(colour: str) -> str:
    """A hex colour as browsers write it into styles.

    >>> _rgb("#0b5cad")
    'rgb(11, 92, 173)'
    """
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"
