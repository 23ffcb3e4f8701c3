"""A small municipality's officials as CSV files, to change one thing in at a time."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "bodies": """\
key;name;kind;answers_through;bound_by
kf;Kommunfullmäktige;council;;
ks;Kommunstyrelsen;executive_board;;
soc;Socialnämnden;committee;;
stod;Stödenheten;unit;soc;
""",
    "posts": """\
body;role;title
ks;coordinator;Kanslisamordnare
soc;chair;Ordförande
soc;secretary;Nämndsekreterare
""",
    "persons": """\
key;name;address;language
p1;Ordförande, socialnämnden;ordf@vinterby.example.org;sv
p2;Nästa ordförande, socialnämnden;nasta@vinterby.example.org;
p3;Nämndsekreterare, socialnämnden;;sv
""",
    "appointments": """\
body;role;person;starts_on;ends_on
soc;chair;p1;2023-01-01;2026-12-31
soc;chair;p2;2027-01-01;
soc;secretary;p3;2023-01-01;
""",
    "meetings": "body;meets_on\nsoc;2026-11-10\nsoc;2026-12-08\n",
    "terms": "body;starts_on\nks;2027-01-01\n",
}


def write_officials(folder: Path, **changed: str) -> Path:
    """Write the folder, with the named files' content changed; an empty content leaves the file out."""
    folder.mkdir(exist_ok=True)
    for kind, content in {**FILES, **changed}.items():
        (folder / f"{kind}.csv").unlink(missing_ok=True)
        if content:
            (folder / f"{kind}.csv").write_text(content, encoding="utf-8")
    return folder
