"""The licences of a node's store, as the flows see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import duckdb

from exchange.licences.keys import compares
from exchange.model.dataset import Dataset
from exchange.model.licence import Decision, Question
from exchange.store.licences import decide as deciding
from exchange.store.licences.decided import decisions
from exchange.store.licences.explained import find_licences
from exchange.store.licences.questions import open_questions


class NodeLicences:
    """Which licences there are, what is asked of them, and what was decided."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        datasets: Sequence[Dataset],
        node: str,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._datasets = {dataset.name: dataset for dataset in datasets if compares(dataset)}
        self._node = node
        self._transaction = transaction

    def find(self, field: str, value: str) -> list[str]:
        """The ids of the licences of which a live claim has this value in this field; KeyError without such a field."""
        found = (find_licences(self._connection, dataset, field, value) for dataset in self._datasets.values())
        return [licence for licences in found for licence in licences]

    def questions(self) -> list[Question]:
        """What people are asked: which licences may be one. The surest first."""
        return [each for dataset in self._datasets.values() for each in open_questions(self._connection, dataset)]

    def decisions(self) -> frozenset[int]:
        """The numbers of the decisions that the store follows."""
        return decisions(self._connection)

    def decide(self, *decisions: Decision) -> None:
        """Follow decisions, each once."""
        with self._transaction():
            for dataset in self._datasets.values():
                mine = [decision for decision in decisions if decision.dataset == dataset.name]
                deciding.decide(self._connection, dataset, self._node, mine)

    def take_back(self, dataset: str, *numbers: int) -> None:
        """Follow decisions no longer."""
        with self._transaction():
            deciding.take_back(self._connection, self._datasets[dataset], self._node, numbers)
