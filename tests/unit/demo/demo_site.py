"""A demo site as the tests look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.catalogue import Catalog
from catalog.loader import load_catalog, load_site
from catalog.models import Feed, Site
from exchange.demo import make
from exchange.demo.deliveries import Delivery
from exchange.model.dataset import Dataset


@dataclass(frozen=True)
class DemoSite:
    folder: Path
    site: Site
    catalog: Catalog
    deliveries: list[Delivery]

    def path(self, delivery: Delivery) -> Path:
        return make.delivery_folder(self.folder, delivery.system) / delivery.name

    def feed(self, delivery: Delivery) -> Feed:
        sources = self.site.node(delivery.system.node).sources
        contract = next(source for source in sources if source.id == delivery.system.id)
        return next(feed for feed in contract.feeds if feed.dataset == delivery.dataset)


def made(folder: Path, cases: int, seed: int, patch: pytest.MonkeyPatch) -> DemoSite:
    """Make a demo and keep hold of its deliveries."""
    kept: list[Delivery] = []
    write_truth = make.write_truth

    def keeping(
        target: Path, deliveries: list[Delivery], datasets: dict[str, Dataset], parents: dict[str, str | None]
    ) -> None:
        kept.extend(deliveries)
        write_truth(target, deliveries, datasets, parents)

    patch.setattr(make, "write_truth", keeping)
    make.make_demo(folder, cases=cases, seed=seed)
    catalog = load_catalog()
    return DemoSite(folder, load_site(folder / "config", catalog), catalog, kept)
