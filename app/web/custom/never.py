"""What the console never keeps, not even as a field of the county's own (不得采集): refused by its words, however they are written.

A term is looked for in the text without blanks and marks, in one width and in simplified signs, each sign also as its pinyin. That
stops slips and tricks of writing; who means to deceive can still misuse a field with an innocent name, which the trail then shows.
"""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from pypinyin import Style, pinyin


@dataclass(frozen=True)
class Matter:
    """One matter that is never kept: its name, the law that says so, and the words that mean it."""

    label: Any
    statute: Any
    words: tuple[str, ...]
    """Chinese terms, found also in pinyin."""
    latin: tuple[str, ...] = ()
    """English terms and abbreviations, in lower case without blanks."""
    spared: tuple[str, ...] = ()
    """Longer terms that contain one of the words and mean something else."""


LIMITS = _("Personal Information Protection Law, Articles 28 and 34")
MATTERS = (
    Matter(_("tracking where people are"), LIMITS,
           ("定位", "行踪", "轨迹", "跟踪", "追踪", "尾随", "行动路线", "出行记录", "出行路线", "活动范围", "活动路线", "常去", "去向",
            "实时位置",
            "当前位置", "所处位置", "人员位置", "手机位置", "基站", "电子围栏", "通话记录", "住宿记录", "乘车记录", "离境记录", "行程"),
           ("gps", "geoloc", "location", "whereabout", "track", "trajectory", "itinerary", "beidou", "geofence", "imsi"),
           ("功能定位", "职能定位", "层级定位", "目标定位", "工作定位", "定位牌", "行程开关", "跟踪督办", "跟踪问效", "跟踪问责",
            "跟踪落实", "跟踪整改",
            "allocation", "relocation", "meetinglocation", "roomlocation", "officelocation", "去向明确")),
    Matter(_("grading or scoring people"), _("Personal Information Protection Law, Article 24"),
           ("风险评分", "风险分", "风险等次", "人员风险", "风险人员", "个人风险", "人员等级", "人员级别", "人员分级", "人员分类分级",
            "人员评分", "个人评分",
            "人员积分", "个人信用", "信用分", "信用评级", "危险性评估", "危险等级", "危险程度", "危险分", "社会危害性", "肇事肇祸",
            "重点人", "重点关注",
            "关注等级", "关注级别", "关注程度", "高危人", "高风险人", "不放心人", "稳控", "管控", "黑名单", "画像", "预警等级", "列管",
            "维稳对象",
            "涉稳", "五类人", "七类人", "三涉", "四史", "吸毒史", "犯罪史", "前科", "劣迹", "精神病史", "肇祸史"),
           ("riskscore", "riskgrade", "riskrating", "riskrank", "risklevel", "personscore", "socialcredit", "creditscore", "keyperson",
            "blacklist", "watchlist", "profiling", "dangerous", "dangerlevel", "threatlevel"),
           ("管控平台建设", "预算管控", "质量管控", "车辆管控", "交通管控", "成本管控", "unifiedsocialcreditcode")),
    Matter(_("people who petition"), _("Regulations on Petition Work, Article 18"),
           ("上访", "信访人", "信访户", "信访对象", "信访重点", "信访史", "信访次数", "缠访", "闹访", "访民", "非访", "越级访",
            "越级走访", "进京访", "赴省访",
            "集访人", "涉访", "截访", "劝返", "接返", "重复访", "老户", "诉求人员", "来访人"),
           ("petitioner", "shangfang", "petitioning")),
    Matter(_("religion"), LIMITS,
           ("宗教", "信教", "信仰", "教徒", "信众", "基督", "天主教", "伊斯兰", "佛教", "道教", "穆斯林", "礼拜", "受洗", "邪教", "法轮",
            "门徒会", "全能神",
            "教派", "家庭教会"),
           ("religio", "faith", "christian", "muslim", "islam", "buddhis", "catholic", "church", "cult", "belief"),
           ("agricult", "culture", "cultural", "difficult", "consult", "faculty", "礼拜一", "礼拜二", "礼拜三", "礼拜四", "礼拜五",
            "礼拜六")),
    Matter(_("ethnicity"), LIMITS,
           ("民族", "族别", "族裔", "种族", "少民", "汉族", "回族", "维吾尔", "藏族", "蒙古族", "籍贯", "血统"),
           ("ethnic", "race", "racial", "nationality", "uyghur", "tibetan"),
           ("民族团结", "民族路", "民族街", "民族村", "trace", "brace", "grace", "terrace", "embrace")),
    Matter(_("opinions and party membership"), LIMITS,
           ("思想动态", "思想倾向", "思想状况", "思想表现", "政治倾向", "政治立场", "政治观点", "政治面貌", "政治态度", "政治表现",
            "党派", "言论", "观点",
            "个人立场", "不满情绪", "情绪动态", "对政府态度", "对社会态度", "网络发言", "敏感言行", "言行", "意识形态倾向"),
           ("opinion", "ideolog", "partisan", "politicalview", "partymember", "politicalstatus", "viewpoint", "attitude"),
           ("legalopinion", "legalopinions")),
    Matter(_("faces and other marks of the body"), LIMITS,
           ("人脸", "面部", "刷脸", "脸部", "指纹", "虹膜", "声纹", "掌纹", "静脉识别", "步态", "基因", "生物识别", "生物特征", "血型",
            "样貌", "体貌", "人像比对"),
           ("face", "facial", "fingerprint", "iris", "voiceprint", "biometric", "dnasample", "dna", "gait", "palmprint"),
           ("surface", "interface", "facetoface", "面部署")),
    Matter(_("health and private life"), LIMITS,
           ("艾滋", "性病", "病史", "病历", "诊断", "残疾等级", "婚姻状况", "婚史", "性取向", "同性恋", "怀孕", "生育情况", "宗族势力"),
           ("hiv", "aids", "diagnos", "sexualorient", "marital", "pregnan"),
           ("visualaids", "问题诊断", "hivis")),
    Matter(_("personal data that must be encrypted"), _("Personal Information Protection Law, Article 51; a custom field cannot be encrypted"),
           ("身份证", "公民身份", "护照", "银行卡", "银行账号", "家庭住址", "居住地址", "户籍地址", "户籍详址", "现住址", "手机号",
            "微信号", "车牌号", "出生日期",
            "家庭成员", "监护人"),
           ("idnumber", "idcard", "passport", "bankcard", "bankaccount", "homeaddress", "wechatid", "dateofbirth", "birthday", "plateno"),
           ("身份证明材料份数",)),
)
SENSITIVE = Matter(_("grading or scoring people"), _("Personal Information Protection Law, Article 24"),
                   ("等级", "级别", "评分", "分值", "打分", "风险", "危险", "关注", "预警", "分级", "分类", "评估", "位置", "经度",
                    "纬度", "经纬", "坐标", "态度",
                    "情绪", "表现", "照片"), ("score", "grade", "level", "rank", "risk", "rating", "position", "latitude", "longitude",
                    "photo"))
"""What is refused besides in registers of people's data, where a harmless word about a thing would be one about a person."""
# The traditional signs and look-alikes that occur in the terms; anything else in another script matches nothing.
SIMPLIFIED = str.maketrans(
    "敎敏蹤軌跡蹟訪貢種漢維爾藏蒙籍貫險級別評積個員關點黑畫穩對僞僑團結會臉紋聲靜脈識徵貌觀態情緒傾場黨論婦壓範圍圖實時錄離電話機號護車證銀帳戶齡業"
    "動範麽義絕經驗緯達馬與傳後見長門開間題黃齊學習樣體徒衆眾",
    "教敏踪轨迹迹访贡种汉维尔藏蒙籍贯险级别评积个员关点黑画稳对伪侨团结会脸纹声静脉识征貌观态情绪倾场党论妇压范围图实时录离电话机号护车证银帐户龄业"
    "动范么义绝经验纬达马与传后见长门开间题黄齐学习样体徒众众")
LEET = (str.maketrans("01345", "oleas"), str.maketrans("01345", "oieas"))


class Refused(ValueError):
    """The console never keeps this; the words say what and by which law."""


def plain(text: str) -> str:
    """The text in one width, small, in simplified signs, without tones, blanks and marks."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in spread.translate(SIMPLIFIED) if sign.isalnum())


@cache
def _pattern(words: tuple[str, ...], latin: tuple[str, ...]) -> re.Pattern[str]:
    spoken = ["".join(_sign(sign) for sign in word) for word in words]
    return re.compile("|".join(sorted((*spoken, *map(re.escape, latin)), key=len, reverse=True)))


def _sign(sign: str) -> str:
    sounds = {sound.replace("ü", "v") for sound in pinyin(sign, style=Style.NORMAL, heteronym=True)[0] if sound.isalpha()}
    return f"(?:{'|'.join((re.escape(sign), *sorted(sounds, key=len, reverse=True)))})"


def _found(matter: Matter, text: str) -> bool:
    for spared in matter.spared:
        text = text.replace(spared, "·")
    return bool(_pattern(matter.words, matter.latin).search(text))


def matter_of(text: str, *, sensitive: bool = False) -> Matter | None:
    """The matter that the text speaks of, if it is one that is never kept."""
    said = plain(text)
    matters = (*MATTERS, SENSITIVE) if sensitive else MATTERS
    variants = {said, *(said.translate(signs) for signs in LEET)}
    return next((matter for matter in matters for each in variants if _found(matter, each)), None)


def refuse(*texts: str, sensitive: bool = False) -> None:
    """Raise Refused when one of the texts speaks of what is never kept."""
    for text in texts:
        if text and (matter := matter_of(text, sensitive=sensitive)) is not None:
            raise Refused(gettext("“%(text)s” speaks of %(matter)s. The console never keeps that: %(statute)s.",
                                  text=text[:40], matter=str(matter.label), statute=str(matter.statute)))
