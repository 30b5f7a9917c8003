"""The append-only, hash-chained record of what each node did."""

from exchange.ledger.ledger import NodeLedger, open_ledger

__all__ = ["NodeLedger", "open_ledger"]
