"""Stacked bars: each part keeps its colour from chart to chart, and what is summed as others lies on top."""

from tests.unit.test_parts_drawing import drawn, specs


def stacks() -> None:
    import datetime as dt

    import polars as pl

    from pages.parts import charts
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit, day = visit_to(open_company("acme")), dt.date(2026, 1, 1)
    many = pl.DataFrame({"day": [day] * 6, "name": list("abcdef"), "cost": [1.0, 2.0, 3.0, 9.0, 8.0, 7.0]})
    charts.columns(visit, many, x="day", y="cost", by="name", title="Many", unit="money")
    order = ["b", "c", "others"]
    for nth, costs in enumerate(([1.0, 5.0, 9.0], [7.0, 5.0, 3.0])):
        few = pl.DataFrame({"day": [day] * 3, "name": order, "cost": costs})
        charts.columns(visit, few, x="day", y="cost", by="name", order=order, title=f"Few {nth}", unit="money")


def test_the_parts_of_stacks_beside_each_other_keep_their_colours_and_others_lie_on_top():
    many, one, other = (
        [(trace["name"], trace["marker"]["color"]) for trace in spec["data"]] for spec in specs(drawn(stacks))
    )
    assert [name for name, _ in many] == ["d", "e", "f", "others"]
    assert one == other
    assert len({colour for _, colour in one}) == 3
