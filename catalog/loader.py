"""Loads the catalogue and a site. All mistakes of all files are told at once.

DAG files import this module: it must stay quick to import, and free of duckdb, pyarrow and paramiko.
"""

from __future__ import annotations

from pathlib import Path

from catalog.catalogue import Catalog
from catalog.lineage import read_issuers, read_registrations
from catalog.mistakes import Mistakes
from catalog.models import Item, Site
from catalog.schema_rules import check_schemas
from catalog.schemas import PACKAGED, SchemaFolder
from catalog.site_files import read_contracts, read_site
from catalog.site_nodes import arrange
from catalog.tables import (
    read_aliases,
    read_code_tables,
    read_divisions,
    read_holidays,
    read_id_prefixes,
    read_items,
)

JIANGSU = Path(__file__).resolve().parent / "jiangsu"


def load_catalog(folder: Path | None = None, datasets: SchemaFolder | None = None, own: Path | None = None) -> Catalog:
    """The catalogue in a folder, Jiangsu's unless told; ConfigError that lists every mistake with file and line.

    `own` is a site's folder whose `issuers.csv` and `registrations.csv`, if there are any, join the catalogue's.
    """
    folder = JIANGSU if folder is None else folder
    datasets = SchemaFolder() if datasets is None else datasets
    mistakes = Mistakes(folder)
    divisions = read_divisions(folder, mistakes)
    code_tables = read_code_tables(folder, mistakes)
    catalog = Catalog(
        divisions=divisions,
        aliases=read_aliases(folder, divisions, mistakes),
        code_tables=code_tables,
        items=read_items(folder / "items.csv", mistakes),
        holidays=read_holidays(folder, mistakes),
        id_prefixes=read_id_prefixes(folder, mistakes),
        issuers=read_issuers(_joined("issuers.csv", folder, own), mistakes),
        registrations=read_registrations(_joined("registrations.csv", folder, own), mistakes),
        datasets=datasets,
    )
    check_schemas(datasets, catalog.code_tables, mistakes)
    mistakes.raise_if_any()
    return catalog


def load_site_catalog(config: Path) -> Catalog:
    """The catalogue as a site has it: its own `schemas/`, `issuers.csv` and `registrations.csv`, if any, join it."""
    own = config / "schemas"
    return load_catalog(datasets=SchemaFolder(PACKAGED, own) if own.exists() else SchemaFolder(), own=config)


def load_items(path: Path) -> tuple[Item, ...]:
    """An item catalogue that is not published yet, in the form of `items.csv`; ConfigError that lists every mistake."""
    mistakes = Mistakes(path.parent)
    items = read_items(path, mistakes)
    mistakes.raise_if_any()
    return tuple(items)


def load_site(folder: Path, catalog: Catalog) -> Site:
    """The site whose `site.yaml` and `sources/*.yaml` are in a folder; ConfigError that lists every mistake.

    A node takes its name and level from the division, and as its parent the nearest division above it that the site
    hosts. Nodes come children before parents, then by code; a node's sources come by id.
    """
    mistakes = Mistakes(folder)
    settings = read_site(folder, catalog, mistakes)
    contracts = read_contracts(folder, settings.nodes, catalog, mistakes)
    nodes = arrange(settings, contracts, catalog, mistakes)
    mistakes.raise_if_any()
    return Site(
        title=settings.title,
        nodes=nodes,
        simulated=settings.simulated,
        keep_snapshots=settings.keep_snapshots,
        mask=settings.mask,
        schedule=settings.schedule,
        fallback_schedule=settings.fallback_schedule,
        licence_within_days=settings.licence_within_days,
        holder_registrations=settings.holder_registrations,
    )


def _joined(name: str, folder: Path, own: Path | None) -> list[Path]:
    """The catalogue's table, and the site's own where it has one."""
    return [folder / name, *([own / name] if own is not None and (own / name).exists() else [])]
