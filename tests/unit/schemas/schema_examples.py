"""One good record a dataset, of made-up people and bodies with identifiers of right check digits."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]

CITIZEN = "11010519491231002X"
USCC = "91350100M000100Y43"
BODY = "113205000141492526"
NOON = "2024-05-01T12:00:00+08:00"

ENVELOPE: Record = {
    "row_guid": "g-1",
    "cd_operation": "I",
    "cd_time": NOON,
    "cd_batch": "20240501",
    "data_source": "1",
}

_ITEM: Record = {
    "catalog_code": "000131004000",
    "task_code": BODY + "3" + "000131004000",
    "task_name": "食品经营许可",
}

EXAMPLES: dict[str, Record] = {
    "case_basic": {
        **_ITEM,
        "project_no": "a case's number / 随意 №1",
        "task_version": 2,
        "project_type": "2",
        "apply_type": "0",
        "applyer_name": "张三",
        "applyer_type": "1",
        "applyer_page_type": "111",
        "applyer_page_code": CITIZEN,
        "apply_date": NOON,
        "accept_date": NOON,
        "promise_date": "2024-05-20",
        "org_name": "苏州市市场监督管理局",
        "org_code": BODY,
    },
    "case_process": {
        "project_no": "1",
        "step_no": 1,
        "process_name": "受理",
        "event_name": "4",
        "handle_user_name": "李四",
        "handle_explain": "材料齐全",
        "event_start_time": NOON,
    },
    "case_special": {
        "project_no": "1",
        "special_type": "1",
        "special_name": "专家评审",
        "special_time": NOON,
        "special_reason": "需要现场勘验",
        "end_time": NOON,
    },
    "case_material": {"project_no": "1", "material_name": "申请表", "get_type": "1"},
    "case_result": {
        "project_no": "1",
        "result_type": "0",
        "result_date": NOON,
        "result_cetr_no": "JY13205050000001",
        "result_cetr_valid_to": "2029-04-30",
        "is_delivery_results": "0",
    },
    "licence": {
        "certificate_source_id": "not in the form of GB/T 36904",
        "certificate_type": "食品经营许可证",
        "certificate_type_code": "11100000MB0143028R029",
        "certificate_name": "食品经营许可证",
        "certificate_number": "JY13205050000001",
        "issue_dept": "苏州市市场监督管理局",
        "issue_dept_code": BODY,
        "issue_date": "2024-05-01",
        "certificate_area_code": "320500",
        "certificate_holder": "某某餐饮有限公司",
        "certificate_holder_code": USCC,
        "certificate_holder_type": "001",
        "valid_to": "9999-12-31",
        "status": "01",
    },
    "approval": {
        "XK_XDR_MC": "某某餐饮有限公司",
        "XK_XDR_TYPE": "2",
        "XK_XDR_SHXYM": USCC,
        "XK_XKWS": "准予行政许可决定书",
        "XK_WSH": "苏市监许〔2024〕1号",
        "XK_XKLB": "普通",
        "XK_NR": "食品经营",
        "XK_JDRQ": "2024-05-01",
        "XK_YXQZ": "2024-05-01",
        "XK_YXQZI": "2029-04-30",
        "XK_XKJG": "苏州市市场监督管理局",
        "XK_XKJGDM": BODY,
        "XK_ZT": "1",
    },
    "item": {
        **_ITEM,
        "task_type": "01",
        "task_version": 1,
        "task_state": "1",
        "by_law": "《中华人民共和国食品安全法》第三十五条",
        "use_level": "3,4",
        "dept_name": "苏州市市场监督管理局",
        "dept_code": BODY,
        "dept_type": "1",
        "server_type": "1,2",
        "project_type": "2",
        "promise_day": 10,
        "promise_type": "1",
        "anticipate_day": 20,
        "anticipate_type": "1",
    },
}


def example(dataset: str, *without: str, **changed: object) -> Record:
    """The good record of a dataset, with some fields changed and others left out."""
    record = {**EXAMPLES[dataset], **ENVELOPE, **changed}
    return {name: value for name, value in record.items() if name not in without}
