"""Names, addresses and remarks of people and companies that do not exist."""

from __future__ import annotations

from random import Random

from exchange.demo.chance import digits

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
)
_COMPOUND = ("欧阳", "上官", "司徒", "诸葛")
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍红玲建国华志文斌鑫宇浩然子涵雨轩欣怡梓晨博睿思远"
RARE = ("䶮", "㛃", "𠮷", "𬱖", "𫍯", "𬭎", "𣲗", "𠅤")
"""Characters of names that only the four-byte part of GB18030 holds."""
_STREETS = ("中山路", "解放路", "人民路", "建设路", "新华路", "文化路", "和平路", "长江路", "学府路", "健康路")
_TRADES = (
    "餐饮管理",
    "医药连锁",
    "电子科技",
    "机械制造",
    "建筑工程",
    "文化传媒",
    "人力资源",
    "物业服务",
    "纺织品",
    "生物科技",
)
_BRANDS = "恒瑞华鼎宏泰嘉润金陵苏通天成永盛启航新远东吴中科"
_REMARKS = (
    "材料齐全，符合法定形式",
    "经审查符合条件，同意",
    "现场勘验合格，同意",
    "已核验原件 予以通过",
    "符合规定，准予办理",
)
_REFUSALS = ("申请材料不符合法定形式", "申请人主动撤回", "经现场勘验不符合条件", "不属于本机关职权范围", "重复申请")


def person(rng: Random) -> str:
    """A person's name; about one in eighty has a rare character."""
    surname = rng.choice(_COMPOUND) if rng.random() < 0.02 else rng.choice(_SURNAMES)
    if rng.random() < 0.0125:
        return surname + rng.choice(RARE) + rng.choice(("", rng.choice(_GIVEN)))
    return surname + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))


def company(rng: Random, place: str) -> str:
    """A company's name; some bear their branch in full-width brackets."""
    brand = "".join(rng.sample(_BRANDS, 2))
    kind = rng.choice(("有限公司", "有限公司", "股份有限公司", "（普通合伙）"))
    return f"{place}{brand}{rng.choice(_TRADES)}{kind}"


def address(rng: Random, place: str) -> str:
    """A postal address."""
    house = f"{rng.randrange(1, 400)}号{rng.randrange(1, 30)}幢{rng.randrange(101, 2905)}室"
    return f"江苏省{place}{rng.choice(_STREETS)}{house}"


def mobile(rng: Random) -> str:
    """A mobile number."""
    return rng.choice(("138", "139", "158", "177", "189")) + digits(rng, 8)


def remark(rng: Random) -> str:
    """What a clerk notes who agrees."""
    return rng.choice(_REMARKS)


def refusal(rng: Random) -> str:
    """Why a case ended without a grant."""
    return rng.choice(_REFUSALS)
