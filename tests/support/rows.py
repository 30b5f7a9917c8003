"""Rows as a department would send them: complete, valid, and different only where a test says so."""

from __future__ import annotations

from collections.abc import Mapping

Row = dict[str, str]
CITIZEN = "11010519491231002X"
COMPANY = "91350100M000100Y43"


def envelope(time: str, operation: str = "I") -> Row:
    return {
        "row_guid": f"g-{time}",
        "cd_operation": operation,
        "cd_time": time,
        "cd_batch": "b1",
        "data_source": "1",
    }


def at(minute: int) -> str:
    """A moment that is later the greater `minute` is, in the form that the hub stores."""
    return f"2026-01-{5 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00+08:00"


def basic(project: str, minute: int = 0, **other: str) -> Row:
    return {
        "project_no": project,
        "catalog_code": "000109001000",
        "task_code": "1132050001414925263000109001000",
        "task_name": "保安服务公司设立许可",
        "project_type": "1",
        "apply_type": "0",
        "applyer_name": "测试甲",
        "applyer_type": "1",
        "applyer_page_type": "111",
        "applyer_page_code": CITIZEN,
        "apply_date": at(0),
        "accept_date": at(0),
        "org_name": "测试局",
        "org_code": "113205000141492526",
        **envelope(at(minute)),
        **other,
    }


def process(project: str, step: int, minute: int = 0, **other: str) -> Row:
    return {
        "project_no": project,
        "step_no": str(step),
        "process_name": "受理",
        "event_name": "4",
        "handle_user_name": "经办甲",
        "handle_explain": "同意",
        "event_start_time": at(0),
        **envelope(at(minute)),
        **other,
    }


def result(project: str, minute: int = 0, **other: str) -> Row:
    return {
        "project_no": project,
        "result_type": "6",
        "result_date": at(0),
        "is_delivery_results": "0",
        **envelope(at(minute)),
        **other,
    }


def licence(number: str, minute: int = 0, **other: str) -> Row:
    return {
        "certificate_source_id": f"src-{number}",
        "certificate_type": "营业执照",
        "certificate_type_code": "11100000MB03271699001",
        "certificate_name": "营业执照",
        "certificate_number": number,
        "issue_dept": "测试局",
        "issue_dept_code": "113205000141492526",
        "issue_date": "2026-01-05",
        "certificate_area_code": "320500",
        "certificate_holder": "测试企业",
        "certificate_holder_code": COMPANY,
        "certificate_holder_type": "001",
        **envelope(at(minute)),
        **other,
    }


def deleted(row: Mapping[str, str], minute: int) -> Row:
    """The same record, taken back."""
    return {**row, **envelope(at(minute), "D")}
