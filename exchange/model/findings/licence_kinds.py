"""W401 to W409: what is wrong with the claims of a licence, or does not fit together. They only warn.

Their texts take no words: they stand on every claim concerned, and none of them quotes personal data.
"""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text


def _warn(code: str, message: Text, hint: Text) -> Kind:
    return Kind(code, Severity.WARN, message, hint)


NO_NUMBER = _warn(
    "W401",
    Text(
        "证照号码为空或没有意义（如“无”“0”），无法按号码归并，只按电子证照标识归并。",
        "The licence has no number, or one that says nothing (a dash, 0): it is told apart by its identifier alone.",
    ),
    Text("请补填证照上的号码后重新报送。", "Fill in the number on the licence and send the row again."),
)
SEVERAL_HOLDERS = _warn(
    "W402",
    Text(
        "持证主体代码栏填有多个代码，按共同持有处理。",
        "Several codes stand in the holder's code: the licence is taken to be held jointly.",
    ),
    Text("如果只有一个持证主体，请只填它的代码。", "If there is one holder, leave its code alone there."),
)
CROWDED_NUMBER = _warn(
    "W403",
    Text(
        "同一类型中有 400 个以上不同的证照使用这个号码，该号码不能识别证照，未与其他写法比对。",
        "More than 400 different licences of this kind bear this number: it identifies none, and was not compared with "
        "other ways to write it.",
    ),
    Text(
        "请核对号码列是否对应错了列，或填的是统一的文号。",
        "Check whether the number is mapped from the wrong column, or is a document number that all of them share.",
    ),
)
NAMES_ITSELF = _warn(
    "W404",
    Text("“原电子证照标识”填的是本证照自己的标识。", "The licence names itself as the one that it follows."),
    Text(
        "请填写延续、变更之前的那个证照的标识；新发的证照请留空。",
        "Write the identifier of the licence before the renewal or change; leave it empty for a new one.",
    ),
)
LOOP = _warn(
    "W405",
    Text(
        "从“原电子证照标识”追溯，会回到本证照：前后关系成环。",
        "Following the licences that this one follows leads back to it.",
    ),
    Text(
        "请核对各证照的签发先后，改正“原电子证照标识”。", "Check which was issued first, and correct what each follows."
    ),
)
AFTER_END = _warn(
    "W406",
    Text(
        "证照已注销、撤销或吊销，之后又报送了其他状态；主记录仍按已终止处理。",
        "The licence was cancelled, revoked or withdrawn, and something else was told of it afterwards; its record "
        "stays ended.",
    ),
    Text(
        "如果终止有误，请由报送终止的部门更正；如果换发了新证，请按新证报送并填写原标识。",
        "If it did not end, have the department correct that which said so; if a new one was issued, send it as new, "
        "with the identifier of the old.",
    ),
)
RETURNED_UNSUSPENDED = _warn(
    "W407",
    Text("报送了“暂扣发还”，但此前没有暂扣。", "The licence was given back, and had not been suspended before."),
    Text("请补报暂扣，或改正变更类型。", "Send the suspension, or correct the kind of change."),
)
SHARED_IDENTIFIER = _warn(
    "W408",
    Text(
        "不同的证照使用了同一个电子证照标识。",
        "Licences that are not one bear one identifier.",
    ),
    Text("请核对电子证照标识是否复制错了。", "Check whether the identifier was copied from another licence."),
)
OTHER_HOLDER = _warn(
    "W409",
    Text(
        "同一机构的同一号码、同一类型的证照，持证主体却不同。",
        "One body's licences of one kind and number have different holders.",
    ),
    Text("请核对号码和持证主体代码。", "Check the number and the holder's code."),
)
