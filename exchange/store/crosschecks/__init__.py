"""Cross-checks: what does not fit together between cases, licences and their holders, as of a day."""

from exchange.store.crosschecks.renew import renew_cross_findings

__all__ = ["renew_cross_findings"]
