"""`make up`: Airflow's UI and scheduler over the demo site, until they are stopped."""

from __future__ import annotations

import signal
import sys
import threading

from exchange.demo.airflow_site import password, running_airflow
from exchange.demo.main_job import ADDRESS, CASES, ROOT, must_be_demo
from exchange.demo.make import make_demo
from exchange.demo.systems import simulated_systems
from exchange.errors import HubError
from exchange.settings import Settings, read_settings
from exchange.speech import Speech


def main() -> int:
    """Keep Airflow up until Ctrl-C or SIGTERM."""
    settings = read_settings()
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    try:
        _up(settings, stop)
    except HubError as error:
        Speech.of(settings.language).fail(error.text)
        return 1
    return 0


def _up(settings: Settings, stop: threading.Event) -> None:
    speech = Speech.of(settings.language)
    home = settings.home.root
    if not (settings.home.config / "site.yaml").exists():
        speech.note("正在生成演示站点 …", "Making the demo site …")
        make_demo(home, cases=CASES)
    must_be_demo(settings)
    speech.note("正在启动 Airflow（约半分钟）…", "Starting Airflow (about half a minute) …")
    with simulated_systems(home), running_airflow(ROOT, home, ADDRESS) as airflow:
        secret = password(ROOT)
        speech.tell(f"地址 {ADDRESS}  用户 admin  口令 {secret}", f"Address {ADDRESS}  user admin  password {secret}")
        speech.tell("按 Ctrl-C 结束。", "Ctrl-C ends it.")
        while not stop.wait(1):
            airflow.wait(0)


if __name__ == "__main__":
    sys.exit(main())
