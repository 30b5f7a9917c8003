"""Which claims speak of one licence, and what its one record says."""

from exchange.licences.characters import normalise
from exchange.licences.identity import identity_sql

__all__ = ["identity_sql", "normalise"]
