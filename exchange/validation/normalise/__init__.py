"""Values as departments write them, put into the hub's one form of each; every change is a finding."""

from exchange.validation.normalise.fields import Cleaned, Normaliser, normaliser

__all__ = ["Cleaned", "Normaliser", "normaliser"]
