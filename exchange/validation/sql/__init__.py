"""JSON Schema 2020-12, for flat records of text cells, as SQL that says exactly what `jsonschema` says."""

from exchange.validation.sql.columns import Column, column
from exchange.validation.sql.schema import SchemaSql, Uncompiled
from exchange.validation.sql.sites import Site, sites

__all__ = ["Column", "SchemaSql", "Site", "Uncompiled", "column", "sites"]
