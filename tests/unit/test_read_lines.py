"""A bad line costs one line: records line by line, whatever the quotation marks do."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from errors import Refusal
from pipelines.lines import records
from pipelines.read import Careful, careful, survey
from pipelines.rectangle import rectangle


def read(tmp_path: Path, text: str) -> tuple[Careful, list[dict]]:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode())
    [sheet] = survey(path, "file.csv")
    made = careful(path, sheet, tmp_path / "out.parquet")
    return made, pq.read_table(made.path).to_pylist()


def lines_of(count: int, start: int = 0) -> str:
    return "".join(f"S{n},{n},site {n}\n" for n in range(start, start + count))


def test_a_quoted_value_may_hold_line_breaks(tmp_path):
    made, rows = read(tmp_path, 'a,b,c\n1,"x\ny",2\n3,z,4\n')
    assert [(row["b"], row["__line_no"]) for row in rows] == [("x\ny", 2), ("z", 4)]
    assert made.lines_in == 2


@pytest.mark.parametrize("broken", ['S,"5,x', 'S,5,"x', '"S,5,x'])
def test_a_quotation_mark_that_is_never_closed_costs_its_line_only(tmp_path, broken):
    made, rows = read(tmp_path, "a,b,c\n" + lines_of(20) + broken + "\n" + lines_of(3_000, 20))
    assert made.lines_in == 3_021
    [bad] = [row for row in rows if row["__defect"]]
    assert (bad["a"], bad["b"], bad["c"], bad["__line_no"]) == (broken, None, None, 22)
    assert "never closed" in bad["__defect"]


def test_an_open_quotation_mark_on_the_last_line_costs_that_line(tmp_path):
    _, rows = read(tmp_path, "a,b,c\n" + lines_of(20) + '1,"2,3')
    assert [row["__line_no"] for row in rows if row["__defect"]] == [22]


def test_an_open_quotation_mark_does_not_swallow_lines_up_to_the_next_quoted_value(tmp_path):
    made, rows = read(tmp_path, "a,b,c\n" + lines_of(20) + 'X,"1,y\n' + lines_of(5) + 'Y,"2",z\n' + lines_of(5))
    assert made.lines_in == 32
    assert [row["a"] for row in rows if row["__defect"]] == ['X,"1,y']
    assert [row["b"] for row in rows if row["a"] == "Y"] == ["2"]


def test_two_stray_quotation_marks_do_not_swallow_the_records_between_them(tmp_path):
    head = "a,b,c,d\n" + "1,2,3,4\n" * 20
    made, rows = read(tmp_path, head + 'X,"1,y,z\n1,2,3,4\n1,2,3,4\nY,2",y,z\n')
    assert made.lines_in == 24
    assert [row["a"] for row in rows if row["__defect"]] == ['X,"1,y,z']
    assert rows[-1]["b"] == '2"'


def test_a_stray_quotation_mark_before_a_separator_does_not_hide_the_swallowing(tmp_path):
    head = "a,b,c,d\n" + "1,2,3,4\n" * 20
    _, rows = read(tmp_path, head + 'X,"Smith, John,y,z\n1,2,3,4\n1,2,3,4\nY,2",y,z\n')
    assert [row["__line_no"] for row in rows if row["__defect"]] == [22]
    assert len(rows) == 24


def test_text_after_a_closing_quotation_mark_is_a_defect(tmp_path):
    _, rows = read(tmp_path, "a,b,c\n" + lines_of(5) + '1,"5" pipe",2\n')
    assert "Double each quotation mark" in rows[-1]["__defect"]


def test_inches_inside_a_value_are_no_quotation(tmp_path):
    _, rows = read(tmp_path, 'a,b,c\n1,5" pipe,2\n')
    assert (rows[0]["b"], rows[0]["__defect"]) == ('5" pipe', None)


def test_a_space_before_a_quotation_mark_is_forgiven(tmp_path):
    _, rows = read(tmp_path, "a,b,c\n" + lines_of(5) + '1, "x, y", 2\n')
    assert (rows[-1]["b"], rows[-1]["c"], rows[-1]["__defect"]) == ("x, y", "2", None)


def test_lines_of_another_width_are_defects_that_say_which(tmp_path):
    _, rows = read(tmp_path, "a,b,c\n" + lines_of(5) + "1,2\n1,2,3,4\n")
    short, long = (row["__defect"] for row in rows[-2:])
    assert short.startswith("The line has 2 values, the headings name 3: values are missing.")
    assert "a value that holds a comma must stand in quotation marks" in long
    assert [row["a"] for row in rows[-2:]] == ["1,2", "1,2,3,4"]


def test_lines_without_any_value_are_left_out_and_counted(tmp_path):
    made, rows = read(tmp_path, "a,b\n1,2\n\n,\n  \n3,4\n\n")
    assert (made.lines_in, made.ignored) == (2, 4)
    assert [row["__line_no"] for row in rows] == [2, 6]


def test_separators_that_unicode_calls_line_breaks_break_no_line(tmp_path):
    made, rows = read(tmp_path, "a,b\n1,x\u2028y\n2,x\x0by\n3,x\x85y\n4,z\n")
    assert (made.lines_in, rows[0]["b"], rows[2]["b"]) == (4, "x\u2028y", "x\x85y")


def test_a_record_across_blocks_is_one_record(tmp_path):
    value = "long text " * 30
    text = "a,b,c\n" + "".join(f'{n},"{value}\n{n}",x\n' for n in range(3_000))
    made, rows = read(tmp_path, text)
    assert (made.lines_in, made.ignored) == (3_000, 0)
    assert all(row["b"] == f"{value}\n{n}" for n, row in enumerate(rows))


def test_a_line_as_long_as_no_table_has_is_refused(tmp_path):
    with pytest.raises(Refusal, match="16,777,216 characters"):
        read(tmp_path, "a,b\n1,2\n" + "x" * (17 << 20) + "\n3,4\n")


@pytest.mark.parametrize("odd", ['1,"2""3,4', '1,2,"""', '"', 'x,"a,"b'])
def test_many_open_quotation_marks_do_not_take_for_ever(tmp_path, odd):
    made, rows = read(tmp_path, "a,b,c\n" + lines_of(400) + f"{odd}\n" * 20_000)
    assert made.lines_in == 20_400
    assert sum(row["__defect"] is not None for row in rows) == 20_000


def test_reading_by_columns_gives_up_where_a_line_is_odd():
    assert rectangle(["1,2\n", "3,4\n"], ",", 2) is not None
    for odd in ('1,"2"\n', "1\n", "1,2,3\n", "\n", ",\n", "1,\0\n", "1,\udc80\n"):
        assert rectangle(["1,2\n", odd], ",", 2) is None, odd


def test_runs_carry_the_number_of_the_first_line():
    [run, *_] = records([["x,y\n", "1,2\n"]], delimiter=",", width=2, first_line=41)
    assert list(run.line_nos) == [41, 42]
