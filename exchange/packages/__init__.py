"""What travels between levels: a signed, described set of changes; and the signed answers."""

from exchange.packages.bundle import Opened, Refused, open_package, package_name, seal_package, sha256_of
from exchange.packages.keys import NodeKeys, signed, verified

__all__ = [
    "NodeKeys",
    "Opened",
    "Refused",
    "open_package",
    "package_name",
    "seal_package",
    "sha256_of",
    "signed",
    "verified",
]
