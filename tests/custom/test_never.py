"""What is never kept is refused however it is written, and what only looks like it is not."""
from __future__ import annotations

from app.web.custom.never import matter_of

REFUSED = """
宗教信仰|宗 教 信 仰|宗-教|宗・教|ＺＯＮＧＪＩＡＯ|zongjiao xinyang|zong教|宗jiao|zōng jiào|宗敎|信教情况|是否信众|Religion|R e l i g i o n
r3ligion|re1igion
是否基督教徒|参加礼拜情况|是否邪教人员|faith|民族|民 族|民族成份|minzu|mín zú|族别|ethnicity|Ｅｔｈｎｉｃ|籍贯
上访人员|上　访　次数|shang fang|shangfang renyuan|信访人姓名|缠访闹访情况|越级访次数|进京访|petitioner|Petit1oner|访民类别|劝返情况
手机定位|定*位|dingwei|ｄｉｎｇｗｅｉ|行踪|行 动 轨 迹|行動軌跡|guiji|xing zong|GPS坐标|G.P.S.|实时位置|location tracking|L0cation
whereabouts|电子围栏|活动范围|活動範圍
风险评分|人员风险等级|人员分级|重点人员|重点关注人员|稳控措施|管控级别|wenkong|guankong|risk score|Risk-Grade|risk_level|信用分|黑名单
heimingdan|高危人群|危险性评估|前科
思想动态|政治面貌|政 治 倾 向|zhengzhi mianmao|网络言论|opinion|political view|不满情绪|党派
人脸|人 脸 照 片|renlian|人臉識別|刷脸|指纹|指 纹|zhiwen|虹膜|声纹|biometrics|Face ID|f a c e|DNA
艾滋病|aizi|HIV感染|既往病史|婚姻状况|身份证号|身 份 证|shenfenzheng|银行卡号|家庭住址|ID number
"""
ACCEPTED = """
学校数量|摄像头数量|摄像机安装位置|视频联网率|窗口数|窗口编号|功能定位|服务半径|值班电话|办公地址|办公面积|建成年份|验收日期|备案编号
经费来源|年度预算|实际支出
调解协议编号|协议金额|处理意见|整改意见|整改时限|督办单位|牵头单位|责任科室|联系部门|跟踪督办情况|隐患类型|隐患等级|火灾风险等级
消防设施数量|培训次数|培训人数
宣传活动次数|普法讲座场次|志愿者人数|巡逻里程|巡逻班次|网格面积|网格户数|服务事项|满意度|办结率|回访日期|合同编号|合同金额|付款方式|发票号码
律所资质|执业年限
接待群众人次|信访接待窗口数|信访事项办结数|会议室数量|设备型号|采购日期|保修期限|民族团结示范村|心理咨询室面积|无障碍设施|备注|补充说明
材料份数|邮政编码|传真
Remarks|Number of schools|Opened on|Allocation|Agriculture|Interface version|Trace number|Consultation hours|Contract number|Budget
楼栋数|停车位数|开放时间|负责人职务|评比名次|奖牌级别|统一社会信用代码|表彰文号|发文日期|经办人|审核人|归档日期|案卷号|是否挂牌|是否达标
示范点名称
"""


def lines(text: str) -> list[str]:
    return [each for line in text.strip().splitlines() for each in line.split("|")]


def test_the_lists_are_long_enough():
    assert len(set(lines(REFUSED))) >= 60
    assert len(set(lines(ACCEPTED))) >= 60


def test_what_is_never_kept_is_refused_however_it_is_written():
    assert [words for words in lines(REFUSED) if matter_of(words) is None] == []


def test_what_only_looks_like_it_is_accepted():
    assert [words for words in lines(ACCEPTED) if matter_of(words) is not None] == []


def test_where_people_s_data_is_kept_nobody_is_graded_or_placed():
    words = ("服务等级", "风险情况", "关注情况", "帮扶评分", "level", "经纬度")
    assert [each for each in words if matter_of(each) is not None] == []
    assert [each for each in words if matter_of(each, sensitive=True) is None] == []
