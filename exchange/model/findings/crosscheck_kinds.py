"""W411 to W419: what the cross-checks between cases, licences and holders report, as of a day.

Numbers are masked and no name is told: a licence's number may be its holder's citizen ID.
"""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text

LICENCE_MISSING = Kind(
    "W411",
    Severity.WARN,
    Text(
        "办件结果称已颁发证照 {number}（{day} 办结），规定 {within} 个工作日内报送，"
        "至 {as_of} 仍没有收到这个号码的证照。",
        "The result says that a licence was issued ({number}, settled on {day}); it is due within {within} working "
        "days, and by {as_of} no licence of this number has come.",
    ),
    Text(
        "请报送这个证照；已经报送的，请核对结果证照编号与证照号码是否一致。",
        "Report the licence; if it was reported, compare the number in the result with the licence's own.",
    ),
)
CASE_MISSING = Kind(
    "W412",
    Severity.WARN,
    Text(
        "证照 {number} 于 {day} 颁发，而本来源自 {first} 起报送办件，却没有办件结果提到这个号码。",
        "The licence {number} was issued on {day}; this source reports cases since {first}, and no result names it.",
    ),
    Text(
        "请补报办件及其结果，或核对结果证照编号；确实不经办件颁发的，不必处理。",
        "Report the case and its result, or check the number in the result; a licence that needed no case may stay.",
    ),
)
HOLDER_CANCELLED = Kind(
    "W413",
    Severity.WARN,
    Text(
        "证照 {number}（{type}）仍为有效，而持证主体的{registration}已{state_zh}。",
        "The licence {number} ({type}) still counts as valid, but its holder's {registration} is {state_en}.",
    ),
    Text(
        "请核对持证主体的状态；主体确已注销、撤销或吊销的，请依法注销该证照并报送新的状态。",
        "Check the holder's state; if it is no more, cancel the licence as the law says and report its new state.",
    ),
)
CROSS_TITLES = {
    LICENCE_MISSING.code: Text("有结果、无证照", "a result, and no licence"),
    CASE_MISSING.code: Text("有证照、无办件", "a licence, and no case"),
    HOLDER_CANCELLED.code: Text("主体已注销、证照仍有效", "a valid licence of a holder that is no more"),
}
"""What each of them is, in a few words."""
