"""The simulated departments: their files, their systems, and what the hub must make of them."""

from exchange.demo.make import make_demo
from exchange.demo.redeliver import redeliver

__all__ = ["make_demo", "redeliver"]
