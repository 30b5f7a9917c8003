"""What the main job prints at its end."""

from __future__ import annotations

from collections.abc import Sequence

from exchange.demo.verdict import differences_from_truth
from exchange.flows.report import NodeReport
from exchange.report_view import show_report
from exchange.speech import Speech
from exchange.store.query import query_snapshot
from exchange.store.snapshot import current_snapshot
from exchange.wiring import Hub

QUERY = """
SELECT d.name AS 受理地, count(*) AS 办件数, count(r.project_no) AS 已办结,
       count(*) FILTER (r.result_type = '0') AS 出证办结
FROM case_basic b JOIN division d ON d.code = b.origin LEFT JOIN case_result r USING (project_no, origin)
GROUP BY ALL ORDER BY 办件数 DESC
"""


def show_round(hub: Hub, reports: Sequence[NodeReport], failures: Sequence[str], unchanged: bool | None) -> int:
    """The round's report, a query over the new snapshot, and the comparison with the truth; the exit code."""
    speech = Speech.of(hub.settings.language)
    show_report(speech, reports)
    _show_query(hub, speech)
    differences = differences_from_truth(hub, hub.settings.home.root / "truth")
    for line in [*failures, *differences]:
        speech.aside.print(line, markup=False, style="red")
    if unchanged is False:
        speech.note("重复报送改变了存储内容。", "Delivering the same files again has changed the stores.")
    sound = all(each.sound for each in reports) and not failures and not differences and unchanged is not False
    if sound and unchanged:
        speech.tell(
            "同样的文件再次报送：全部为重复，各级摘要不变。",
            "The same files again: all duplicates, the digests as they were.",
        )
    if sound:
        speech.tell("与应得结果（truth）完全一致。", "All is as the truth says.")
    else:
        speech.note(
            f"与应得结果不一致：{len(differences)} 处。", f"Not as the truth says: {len(differences)} differences."
        )
    return 0 if sound else 1


def _show_query(hub: Hub, speech: Speech) -> None:
    snapshot = current_snapshot(hub.settings.home.node(hub.site.top.code))
    if snapshot is None:
        return
    answer = query_snapshot(snapshot, QUERY)
    speech.table(speech.word("在快照上的一次查询", "A query over the snapshot"), answer.columns, answer.rows)
