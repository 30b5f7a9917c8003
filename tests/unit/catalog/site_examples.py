"""A good site, for tests to spoil."""

from __future__ import annotations

from collections.abc import Callable

CONTRACT = """\
id: sz-market
title: 苏州市场监管
node: "320500000000"
department: 市场监管
connector: {kind: dropfolder, path: departments/sz-market}
feeds:
  - dataset: case_material
    files: "material*.csv"
    format: {kind: csv}
    mapping:
      project_no: 办件编号
      material_name: 材料名称
      get_type: 收取方式
      row_guid: 办件编号
      cd_operation: {constant: "I"}
      cd_time: 更新时间
      cd_batch: 批次
      data_source: {constant: "1"}
    codes:
      get_type: {纸质: "1", 电子: "2"}
"""
SITE = """\
title: 测试站点
nodes:
  - "320000000000"
  - "320500000000"
  - "320576000000"
  - "320576050000"
  - "320115001000"
"""

Told = Callable[[Callable[[], object]], dict[str, str]]
