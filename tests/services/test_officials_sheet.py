"""What an officials import refuses: the place, and in Swedish what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from styrhjul.services.foundation.address import address_fault
from styrhjul.services.organisation.officials_check import read_roster
from styrhjul.services.organisation.officials_columns import Kind
from styrhjul.services.organisation.officials_roster import FaultyOfficials, Known, Roster
from styrhjul.services.organisation.officials_sheet import SheetError, cell_fault, has_personal_number, read_sheets
from styrhjul.services.organisation.officials_template import TemplateExists, template
from tests.services.officials_files import FILES, write_officials

NUMBERS = ["19121212-1212", "121212-1212", "1212121212", "191212121212", "121272+1212", "anna 121212 1212"]


def faults(source: Path) -> tuple[SheetError, ...]:
    try:
        read_roster(read_sheets(source), Known())
    except FaultyOfficials as faulty:
        return faulty.errors
    return ()


def places(source: Path) -> list[tuple[str, int, str]]:
    return [(error.file, error.line, error.column) for error in faults(source)]


def roster(source: Path) -> Roster:
    return read_roster(read_sheets(source), Known())


def test_the_small_municipality_is_without_faults(tmp_path: Path) -> None:
    assert faults(write_officials(tmp_path)) == ()


@pytest.mark.parametrize(
    ("kind", "before", "after", "place"),
    [
        ("bodies", "key;name", "key;namn", ("bodies.csv", 1, "namn")),
        ("bodies", "soc;Soc", "Soc nämnd;Soc", ("bodies.csv", 4, "key")),
        ("bodies", "soc;Soc", "ks;Soc", ("bodies.csv", 4, "key")),
        ("bodies", "unit;soc;", "unit;kf;", ("bodies.csv", 5, "answers_through")),
        ("bodies", "unit;soc;", "unit;;", ("bodies.csv", 5, "answers_through")),
        ("bodies", "committee;;", "committee;ks;", ("bodies.csv", 4, "answers_through")),
        ("bodies", "committee;;", "committee;;beslut", ("bodies.csv", 4, "bound_by")),
        ("bodies", "committee", "nämnd", ("bodies.csv", 4, "kind")),
        ("bodies", "council", "committee", ("bodies.csv", 2, "kind")),
        ("posts", "soc;chair", "soc;ordförande", ("posts.csv", 3, "role")),
        ("posts", "soc;chair", "bygg;chair", ("posts.csv", 3, "body")),
        ("posts", "ks;coordinator", "soc;coordinator", ("posts.csv", 2, "body")),
        ("posts", "soc;secretary;Nämndsekreterare", "soc;chair;Ordförande", ("posts.csv", 4, "body")),
        ("persons", "ordf@vinterby.example.org", "ordf(at)vinterby", ("persons.csv", 2, "address")),
        ("persons", "p2;", "p1;", ("persons.csv", 3, "key")),
        ("persons", "example.org;sv", "example.org;de", ("persons.csv", 2, "language")),
        ("persons", "p1;Ordf", ";Ordf", ("persons.csv", 2, "key")),
        ("appointments", "p1;2023", "p9;2023", ("appointments.csv", 2, "person")),
        ("appointments", "2026-12-31", "2027-01-01", ("appointments.csv", 3, "starts_on")),
        ("appointments", "2026-12-31", "", ("appointments.csv", 3, "starts_on")),
        ("appointments", "2026-12-31", "2022-12-31", ("appointments.csv", 2, "ends_on")),
        ("appointments", "2026-12-31", "31/12 2026", ("appointments.csv", 2, "ends_on")),
        ("appointments", "soc;secretary", "soc;managing_director", ("appointments.csv", 4, "role")),
        ("meetings", "2026-11-10", "2026-02-30", ("meetings.csv", 2, "meets_on")),
        ("meetings", "2026-11-10", "20261110", ("meetings.csv", 2, "meets_on")),
        ("meetings", "2026-12-08", "2026-11-10", ("meetings.csv", 3, "body")),
        ("meetings", "soc;2026-12-08", "soc;2026-12-08;x", ("meetings.csv", 3, "")),
        ("meetings", "soc;2026-12-08", 'soc;"2026-12-08', ("meetings.csv", 3, "")),
        ("terms", "ks;", "kx;", ("terms.csv", 2, "body")),
    ],
)
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, kind: str, before: str, after: str, place: tuple[str, int, str]
) -> None:
    changed = FILES[kind].replace(before, after, 1)
    assert changed != FILES[kind]
    assert place in places(write_officials(tmp_path, **{kind: changed}))


def test_a_missing_column_is_told_with_what_to_write_there(tmp_path: Path) -> None:
    errors = faults(write_officials(tmp_path, meetings="body\nsoc\n"))
    assert [(error.column, error.message) for error in errors] == [
        ("meets_on", "Kolumnen saknas. Lägg till den: Sammanträdesdag, som 2027-03-24.")
    ]


def test_every_fault_of_a_stage_is_told_at_once(tmp_path: Path) -> None:
    source = write_officials(
        tmp_path, meetings="body;meets_on\nx;2026-11-10\nsoc;i morgon\n", terms="body;starts_on\ny;2027-01-01\n"
    )
    assert places(source) == [("meetings.csv", 2, "body"), ("meetings.csv", 3, "meets_on"), ("terms.csv", 2, "body")]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_personal_number_is_refused_and_never_repeated(tmp_path: Path, number: str) -> None:
    errors = faults(write_officials(tmp_path, persons=FILES["persons"].replace("p1", number)))
    assert ("persons.csv", 2, "key") in [(error.file, error.line, error.column) for error in errors]
    digits = re.findall(r"\d{4,}", number)
    assert not any(run in repr(errors) for run in digits)


@pytest.mark.parametrize("value", ["2027-03-24", "KS-2016-284", "0999991234", "12345678", "556677-88990"])
def test_other_numbers_are_no_personal_numbers(value: str) -> None:
    assert not has_personal_number(value)


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+46", "@SUM(A1)", "-cmd"])
def test_a_cell_that_could_be_a_formula_is_refused(tmp_path: Path, cell: str) -> None:
    source = write_officials(
        tmp_path, posts=f"body;role;title\nsoc;chair;Ordförande\nsoc;vice_chair;'{cell}'\n".replace("'", "")
    )
    assert ("posts.csv", 3, "title") in places(source)


def test_a_formula_in_a_workbook_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "meetings"
    for row in (["body", "meets_on"], ["soc", "=TODAY()"]):
        sheet.append(row)
    book.save(tmp_path / "bok.xlsx")
    errors = read_sheets(tmp_path / "bok.xlsx").errors
    assert [(e.file, e.line, e.column) for e in errors] == [("bok.xlsx, bladet meetings", 2, "meets_on")]


@pytest.mark.parametrize("address", ["a@b.se", "ordforande.socialnamnden@olofstrom.example.org", "o'neil+x@b.se"])
def test_an_ordinary_address_is_taken(address: str) -> None:
    assert address_fault(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "a",
        "a@b",
        "a@@b.se",
        "a@b@c.se",
        "a b@c.se",
        "a@b.se,c@d.se",
        "a@b.se;c@d.se",
        "a@b.se\n",
        "<a@b.se>",
        "@b.se",
        "a@.se",
        "å@b.se",
        f"{'a' * 250}@b.se",
    ],
)
def test_an_address_that_could_go_astray_is_refused(address: str) -> None:
    assert address_fault(address)


# -- how it may be written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = "# Anmärkning; med, skiljetecken\r\nbody;role;title\r\nsoc;chair;Ordförande\r\n\r\n".replace(";", delimiter)
    (tmp_path / "posts.csv").write_bytes(text.encode(encoding))
    rows = read_sheets(tmp_path / "posts.csv").rows[Kind.POSTS]
    assert [(row.line, dict(row.cells)) for row in rows] == [
        (3, {"body": "soc", "role": "chair", "title": "Ordförande"})
    ]


def test_a_single_file_may_have_any_name_when_its_columns_tell_its_kind(tmp_path: Path) -> None:
    (tmp_path / "möten 2027.csv").write_text("body;meets_on\nsoc;2027-01-12\n", encoding="utf-8")
    assert list(read_sheets(tmp_path / "möten 2027.csv").rows) == [Kind.MEETINGS]


def test_a_title_is_needed_only_where_it_tells_posts_apart(tmp_path: Path) -> None:
    posts = FILES["posts"] + "soc;vice_chair;Förste vice\nsoc;vice_chair;Andre vice\n"
    untitled = "body;role;title;person;starts_on\nsoc;vice_chair;;p3;2023-01-01\n"
    assert places(write_officials(tmp_path, posts=posts, appointments=untitled)) == [("appointments.csv", 2, "title")]
    titled = untitled.replace(";;", ";Andre vice;")
    appointments = roster(write_officials(tmp_path, posts=posts, appointments=titled)).appointments
    assert [held.post.title for held in appointments or ()] == ["Andre vice"]


def test_a_body_has_one_post_in_each_role_that_one_person_holds(tmp_path: Path) -> None:
    posts = FILES["posts"] + "soc;chair;Nämndens ordförande\n"
    (error,) = faults(write_officials(tmp_path, posts=posts, appointments=""))
    assert (error.file, error.line, error.column) == ("posts.csv", 5, "role")
    assert "rad 3" in error.message
    assert "ta bort den andra" in error.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bodies.csv", b""),
        ("bodies.csv", b"key;name;kind\n"),
        ("bodies.csv", b"key;name;kind\nkf;K\x00F;council\n"),
        ("bodies.csv", "key;name;kind\n".encode("utf-16")),
        ("organ.csv", b"a;b\n1;2\n"),
        ("bodies.xlsx", b"key;name;kind\n"),
        ("bodies.pdf", b"%PDF"),
    ],
)
def test_a_file_that_holds_no_rows_we_know_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    errors = read_sheets(tmp_path / name).errors
    assert [(error.file, error.line) for error in errors] == [(name, 1)]


def test_a_sheet_most_municipalities_leave_empty_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    template(tmp_path / "mall.xlsx")
    told = [error.file for error in read_sheets(tmp_path / "mall.xlsx").errors]
    assert told == [f"mall.xlsx, bladet {kind}" for kind in ("bodies", "posts", "persons", "appointments")]


def test_a_folder_without_csv_files_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    assert read_sheets(tmp_path).errors
    assert read_sheets(tmp_path / "saknas.csv").errors


@pytest.mark.parametrize("name", ["mall.xlsx", "mall"])
def test_the_template_never_writes_over_a_file(tmp_path: Path, name: str) -> None:
    template(tmp_path / name)
    with pytest.raises(TemplateExists):
        template(tmp_path / name)


@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\u2069", "\u200f", "\x00", "\x0b", "\x85", "\ufffe"])
def test_a_name_with_a_sign_that_turns_or_does_not_show_is_refused(sign: str) -> None:
    assert "styrtecken" in str(cell_fault(f"Social{sign}nämnden"))
    assert "styrtecken" in str(cell_fault(f"Socialnämnden{sign}"))
