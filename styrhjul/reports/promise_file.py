"""Open data as files: JSON, a CSV file for each table, what describes them to machines (CSVW, DCAT-AP-SE)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from styrhjul.reports.json_document import json_document
from styrhjul.reports.promise import Publication
from styrhjul.reports.promise_table import SEPARATOR, TABLES, Column, DataTable

#: Raised when a name is taken away or means something else; added names leave it as it is.
FORMAT = "styrhjul.promises/1"
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"
JSON_FILE, DATASET_FILE, COLUMNS_FILE = "promises.json", "dataset.jsonld", "csv-metadata.json"
POPOLO_FILE = "popolo.json"
TITLE = "Så går det med det vi har lovat"
_SUMMARY = (
    "Vad kommunen har lovat i sina antagna styrdokument, vilka nämnder som har tillfrågats, vilka mål de har beslutat "
    "och hur det gick. Bara organ och dokument, inga personer."
)


def promises_json(publication: Publication) -> bytes:
    """Return all of it as one document in UTF-8, names as in the tables. None = the text does not say, or not yet."""
    content = {"format": FORMAT, "licence": LICENCE, **asdict(publication)}
    return json_document(content)


def table_csv(publication: Publication, table: DataTable) -> bytes:
    """Return a table as RFC 4180 has it: UTF-8, a head, CRLF. Nothing in a cell is changed."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(column.name for column in table.columns)
    for row in table.rows(publication):
        lines.writerow(_cell(getattr(row, column.name), column) for column in table.columns)
    return written.getvalue().encode()


def columns_json(page: str) -> bytes:
    """Return the CSVW description of the tables, which stand beside it under the page's address."""
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv", "@base": f"{page}/"}],
        "dc:license": {"@id": LICENCE},
        "tables": [_described(table) for table in TABLES],
    }
    return json_document(content)


def dataset_jsonld(publication: Publication, page: str) -> bytes:
    """Return the description of the data set as DCAT-AP-SE has it, in JSON-LD; `page` is where people read it."""
    publisher = {"@type": "foaf:Agent", "foaf:name": publication.municipality}
    content = {
        "@context": _PREFIXES,
        "@id": f"{page}#dataset",
        "@type": "dcat:Dataset",
        "dct:title": {"@language": "sv", "@value": f"{TITLE}, {publication.municipality}"},
        "dct:description": {"@language": "sv", "@value": _SUMMARY},
        "dct:publisher": publisher,
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": publication.municipality,
            "vcard:hasURL": {"@id": page},
        },
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/SWE"},
        "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/CONT"},
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"},
        "dcat:landingPage": {"@id": page},
        "dct:modified": {"@type": "xsd:date", "@value": publication.made_on.isoformat()},
        "dcat:distribution": list(_distributions(page)),
    }
    return json_document(content)


_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"


def _distributions(page: str) -> Iterator[dict[str, Any]]:
    files = [(JSON_FILE, "Allt som JSON", "application/json")]
    files += [(POPOLO_FILE, "Organ och befattningar, i Popolos form", "application/json")]
    files += [(f"{table.name}.csv", table.title, "text/csv") for table in TABLES]
    for name, title, media_type in files:
        yield {
            "@id": f"{page}/{name}",
            "@type": "dcat:Distribution",
            "dct:title": {"@language": "sv", "@value": title},
            "dcat:accessURL": {"@id": f"{page}/{name}"},
            "dcat:downloadURL": {"@id": f"{page}/{name}"},
            "dcat:mediaType": {"@id": f"{_MEDIA}{media_type}"},
            "dct:license": {"@id": LICENCE},
        }


def _described(table: DataTable) -> dict[str, Any]:
    keys = [
        {"columnReference": column.name, "reference": {"resource": f"{to}.csv", "columnReference": there}}
        for column in table.columns
        if column.points_at is not None
        for to, there in [column.points_at]
        if not column.is_list  # CSVW cannot point from one of several
    ]
    schema: dict[str, Any] = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": table.columns[0].name,
    }
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _column(column: Column) -> dict[str, Any]:
    more: dict[str, Any] = {"separator": SEPARATOR} if column.is_list else {}
    if column.is_required:
        more["required"] = True
    return {
        "name": column.name,
        "titles": [column.name],
        "dc:title": column.title,
        "dc:description": column.description,
        "datatype": column.datatype,
        **more,
    }


def _cell(value: object, column: Column) -> str:
    if column.is_list and isinstance(value, tuple):
        return SEPARATOR.join(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
