"""Numbers of licences and documents, in the forms that such numbers have."""

from __future__ import annotations

from datetime import date
from random import Random

from exchange.demo.chance import digits
from exchange.demo.layout import System

_SHORT = {"食品经营许可证": "JY1", "食品生产许可证": "SC1", "药品经营许可证": "DA5", "居住证": "JZ"}


def certificate_number(system: System, name: str, issued: date, rng: Random) -> str:
    """The number of a certificate of this name; those of real estate and of decisions hold the year in brackets."""
    area = system.node[:6]
    if name in _SHORT:
        return f"{_SHORT[name]}{area}{digits(rng, 7)}"
    if name == "不动产权证书":
        return f"苏({issued:%Y}){system.place}不动产权第{digits(rng, 7)}号"
    if name == "特种设备使用登记证":
        return f"容15苏{area}({issued:%y})-{digits(rng, 5)}"
    return f"{system.id.upper()}-{issued:%Y}-{digits(rng, 7)}"
