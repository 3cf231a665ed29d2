#!/usr/bin/env python3
"""Runs the views that Evefan makes in BigQuery on Google's own SQL engine (ZetaSQL, as the package zetasql of PyPI has it).

    mvn -q verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=BigQueryViewsIT   # writes views.json
    src/test/bigquery/run.py

Needs Python 3.10 or later. The engine takes a minute to start.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

WORK = Path(__file__).resolve().parents[3] / "target" / "bigquery"
PACKAGE = "zetasql==0.1.5"

if "IN_VENV" not in os.environ:
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PACKAGE], check=True)
    os.execve(python, [str(python), __file__], {**os.environ, "IN_VENV": "1"})

from zetasql.api import CatalogBuilder, PreparedQueryBuilder  # noqa: E402
from zetasql.types import AnalyzerOptions, LanguageOptions, ZetaSQLBuiltinFunctionOptions  # noqa: E402

LANGUAGE = LanguageOptions.maximum_features()
OPTIONS = AnalyzerOptions(language_options=LANGUAGE)
CATALOG = (CatalogBuilder("bigquery")
           .with_builtin_functions(ZetaSQLBuiltinFunctionOptions(language_options=LANGUAGE)).build())
TABLES = json.loads((WORK / "views.json").read_text())


def literal(kind, value):
    if value is None:
        return "NULL"
    text = json.dumps(value) if isinstance(value, str) else str(value)
    return {"STRING": text, "JSON": f"JSON {text}", "TIMESTAMP": f"TIMESTAMP {text}"}.get(kind, text.lower())


def rows(table):
    fields = [(field["name"], field["type"].replace("BOOLEAN", "BOOL").replace("FLOAT", "FLOAT64").replace("6464", "64"))
              for field in TABLES[table]["resource"]["schema"]["fields"]]
    struct = ", ".join(f"`{name}` {kind}" for name, kind in fields)
    values = ", ".join("(" + ", ".join(literal(kind, row.get(name)) for name, kind in fields) + ")"
                       for row in TABLES[table]["rows"])
    return f"(SELECT * FROM UNNEST(ARRAY<STRUCT<{struct}>>[{values}]))"


def ask(view):
    query = TABLES[view]["resource"]["view"]["query"]
    for table in TABLES:
        if "schema" in TABLES[table]["resource"]:
            query = query.replace(f"`proj.evefan.{table}`", rows(table))
    whole = f"SELECT TO_JSON_STRING(row) FROM (\n{query}\n) AS row"
    answer = PreparedQueryBuilder().set_sql(whole).set_analyzer_options(OPTIONS).set_catalog(CATALOG).prepare().execute()
    return [json.loads(row.cell[0].string_value) for row in answer.content.table_data.row]


def check(view, expected, *columns):
    found = sorted([row[column] for column in columns] for row in ask(view))
    if found != sorted(expected):
        sys.exit(f"{view} {columns}:\n  expected {sorted(expected)}\n  found    {found}")
    print(f"{view}: as expected")


check("order_completed", [
    ["a", "12.5", True, "2024-02-29T04:30:00.123456Z", "s", "odd", 1, "j"],
    ["b", None, None, None, '[1,{"a":2}]', None, None, None],
    ["c", "100000000000000000000", None, "2024-01-01T00:00:00Z", None, None, None, None],
], "id", "total", "is_gift", "shipped", "sku", "it_s", "property_partition", "日本語")
check("日本語", [["d", 3], ["old", 3]], "id", "total")
check("tracks_view", [["a"], ["b"], ["c"], ["d"], ["old"]], "id")
check("users", [["u", "pro", 30, None, {"age": 30, "plan": "pro"}, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"]],
      "user_id", "plan", "age", "city", "traits", "first_time", "last_time")
