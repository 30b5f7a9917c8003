"""The words in which licences are spoken of: rules, reasons, steps, decisions; for `hub licences` and for Airflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exchange.model.licence import Action, Reason
from exchange.text import Text

RULES: Mapping[str, Text] = {
    "alone": Text("只有这一条", "the only one"),
    "exact": Text("统一写法后完全相同", "the same in its one form"),
    "identifier": Text("电子证照标识相同", "the same identifier"),
    "number-issuer": Text("号码、持证主体相同", "the same number and holder"),
    "number-holder": Text("号码相同，持证主体写法不同", "the same number, the holder written otherwise"),
    "number-only": Text("号码相同，持证主体或颁发机构不完全相符", "the same number, holder or body not quite"),
    "number-slip": Text("号码只差一处，其他相符", "numbers one slip apart, the rest agrees"),
    "decision": Text("人工判断", "a decision"),
    "identity": Text("标识完全相同", "the same identity"),
}
REASONS: Mapping[Reason, Text] = {
    "only": Text("只有它填报", "it alone fills this"),
    "agreed": Text("各申报一致", "all claims agree"),
    "trust": Text("可信等级更高", "it is trusted more"),
    "issuer": Text("颁证机关所在节点优先", "the issuing body's own node comes first"),
    "version": Text("标识的版本更新", "its identifier has the newer version"),
    "time": Text("变更时间更新", "it was changed later"),
    "state": Text("以最近一次变更为准", "the newest event tells it"),
}
STEPS: Mapping[str, Text] = {
    "width": Text("全角改半角", "full width to half"),
    "brackets": Text("括号统一", "one kind of brackets"),
    "dashes": Text("横线统一", "one kind of dash"),
    "case": Text("小写改大写", "capitals"),
    "invisible": Text("去掉空格和不可见字符", "without spaces and invisible characters"),
    "label": Text("去掉前面的“编号”等字样", "without the label before it"),
    "frame": Text("去掉“第”“号”", "without the frame of ordinal and number"),
    "organisation-code": Text("取其中的组织机构代码", "the organisation code in it"),
    "lengthened": Text("15 位身份证号改 18 位", "the citizen ID of 15 places as that of 18"),
    "registration": Text("按旧代码表换成现代码", "an old code by the table"),
    "joint": Text("多个持证主体分开、排序", "several holders, sorted"),
    "by-name": Text("没有代码，按名称", "by name, there is no code"),
    "lineage": Text("按机构沿革表换成现机构", "a former body by the table"),
    "without-version": Text("去掉前缀、版本号和校验位", "without prefix, version and check character"),
}
AS_IT_IS = Text("原样", "as it is")
ACTIONS: Mapping[Action, Text] = {
    "same": Text("同一证照", "one licence"),
    "different": Text("不同证照", "not one licence"),
    "part": Text("移出申报", "claims taken out"),
}
OPTIONS = ("同一证照 same", "不同证照 different", "暂不决定 later")
SAME, DIFFERENT, LATER = OPTIONS
"""What a person can answer where a question is put to him."""


def rule_text(name: str) -> Text:
    """What joined a claim, or speaks for a pair; a rule that a later release made is shown by its name."""
    return RULES.get(name, Text(name, name))


def steps_text(names: Sequence[str]) -> Text:
    """What was done to a text before it was compared."""
    each = [STEPS.get(name, Text(name, name)) for name in names] or [AS_IT_IS]
    return Text("、".join(step.zh for step in each), ", ".join(step.en for step in each))
