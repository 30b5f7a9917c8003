"""A home of Airflow's own for a test: its database, its logs, and the repository's DAGs over a site."""

from __future__ import annotations

import os
from pathlib import Path

from support.site import TinySite

ROOT = Path(__file__).parents[2]
DAGS = ROOT / "dags"
CFG = """\
[core]
load_examples = False
dags_folder = {dags}
plugins_folder = {home}/plugins
unit_test_mode = False
[database]
sql_alchemy_conn = sqlite:///{home}/airflow.db
[logging]
base_log_folder = {home}/logs
[dag_processor]
dag_bundle_storage_path = {home}/bundles
[usage_data_collection]
enabled = False
"""


def environ(home: Path, site: TinySite) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "HUB_"))}
    return {**kept, "AIRFLOW_HOME": str(home), "HUB_HOME": str(site.root), "PYTHONPATH": str(ROOT), "HUB_LANG": "zh"}


def airflow_home(folder: Path) -> Path:
    folder.mkdir()
    (folder / "airflow.cfg").write_text(CFG.format(home=folder, dags=DAGS))
    return folder
