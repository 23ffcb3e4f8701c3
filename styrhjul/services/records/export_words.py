"""What an export says about itself to whoever opens it without Styrhjul: what each table, column and value is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from styrhjul.db import whole
from styrhjul.db.cell import kind_of
from styrhjul.db.model import Base

READ_ME_TEXT = """Export från Styrhjul

Här är allt som en installation av Styrhjul, eller en kommun i den, hade lagrat vid en tidpunkt.

  kommuner/KORTNAMN/TABELL.jsonl   kommunens rader, en fil per tabell
  installation/TABELL.jsonl        rader som inte hör till någon kommun
  SHA256SUMS                       varje fils kontrollsumma; pröva med: sha256sum --check SHA256SUMS
  manifest.json                    när och varifrån, antal rader, vad varje tabell och kolumn är, vad som inte är med

En .jsonl-fil är text i UTF-8 med ett JSON-objekt per rad. Dagar står som 2027-03-24 och tidpunkter i UTC. Innehållet
i filer och mejl står som base64. Raderna står i ordning efter sin nyckel. Rader i olika tabeller hör ihop genom sina
id:n: "references" i manifest.json säger vilka.

Kolumner som börjar på sealed_ är krypterade (AES-256-GCM) med en nyckel som inte är med här. Den som behöver dem måste
ha bevarat installationens STYRHJUL_SECRET_KEY för sig. Av länkar och koder finns bara kontrollsummor.

Kontrollsumman av SHA256SUMS är kontrollsumman av allt: två databaser som har samma har samma innehåll.
"""


def described() -> Mapping[str, Any]:
    """Return what every table and column is, and what is not exported and why."""
    told = {mapper.local_table: mapper.class_.__doc__ for mapper in Base.registry.mappers}
    return {
        "stays": dict(whole.STAYS),
        "tables": {
            table.name: {
                "about": told.get(table) or "",
                "key": [column.name for column in table.primary_key],
                "columns": {column.name: kind_of(column) for column in table.columns},
                "references": {
                    ", ".join(constraint.column_keys): constraint.referred_table.name
                    for constraint in sorted(table.foreign_key_constraints, key=lambda each: tuple(each.column_keys))
                },
            }
            for table in (*whole.of_municipalities(), *whole.of_nobody())
        },
    }
