"""`hub …`: the hub's flows without Airflow. Its words follow the locale; `HUB_LANG=zh|en` overrides."""

from exchange.cli.app import main

__all__ = ["main"]
