"""The store's schema, as numbered SQL files that are applied once and in order."""

from __future__ import annotations

from importlib import resources

import duckdb


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a store's schema up to date; each file is one transaction."""
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name VARCHAR NOT NULL)")
    done = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    files = sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
    for file in files:
        if file.name.endswith(".sql") and file.name not in done:
            connection.begin()
            connection.execute(file.read_text(encoding="utf-8"))
            connection.execute("INSERT INTO migrations VALUES (?)", [file.name])
            connection.commit()
