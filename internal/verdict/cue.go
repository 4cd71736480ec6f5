package verdict

import (
	"maps"
	"regexp"
	"slices"
)

// limits are words with which a patent says what it does not do, or not without more.
var limits = words(`不适合 不适用 不适于 不宜 不推荐 不建议 不能 不可 不得 不具备 不具有 不涉及 不包括 不处理 不反映 不足以 不支持 不改善 不提供
无法 难以 仅适用 只适用 仅限 仅能 只能 仅用于 只用于 只改善 只覆盖 仅支持 尚未 尚无 未进行 未经 未完成 目前仅 仍须 仍需 仍可能 仍为 仍然 须另行 需另行 须配套 需配套 需配备 须配备 必须配备
需要配备 需停车 需要停车 需更换 须更换 需要更换 需人工 需要人工 依靠 依赖 受限 局限 有限 易糊 易受 较弱 较差 不足 下降明显 明显下降 但 需要将 须经 专用于
not_suitable not_applicable unsuitable not_intended cannot does_not do_not is_not are_not only limited dedicated requires remains_necessary necessary intended_for however but not_yet expensive`)

// negations say that something is not there or not done.
var negations = words(`不 无 未 没 没有 免 非 勿 零 省去 取消 避免 杜绝 without no not free never non zero eliminates avoids`)

// refusals are words that turn what follows into its opposite, in a demand (不换主机) and
// in a patent (无需更换, 取代).
var refusals = words(`不用 不要 不想 不做 不能用 不能含 不能有 不能出现 不能 不含 不得 不上 不改 不动 不换 不停 不拆 不配 不加装 不加 不装 不依赖 不采用 不使用 不采购 不考虑 不接受 不需要 不需 不再 不让 不靠 不会 不易 不愿
不 无需 无须 无 免 别 没有 没 未 禁止 禁用 拒绝 谢绝 排除 除外 取消 省去 避免 防止 杜绝 消除 替代 代替 取代 淘汰 替换 而非 而不是 非 零 少
without no not free never non zero eliminates avoids replaces instead_of rather_than none nor excluded`)

// exclusions are words with which a demand says what it does not want.
var exclusions = words(`不做 不考虑 不要 不想 不接受 不愿 不得 不能用 不能出现 不能含 不用 不需要 排除 除外 谢绝 拒绝 免谈 不采用 不采购 没兴趣 不感兴趣 不予考虑 不在考虑
not_of_interest not_what_we not_considered not_wanted not_acceptable no_interest are_not excluded do_not_want rule_out not_an_option`)

// gains are words with which a patent claims an effect.
var gains = words(`提高 提升 增强 改善 增加 延长 降低 减少 减轻 缩短 节约 节省 防止 避免 消除 抑制 克服 解决 减小 下降 降至 降到 达到 实现 满足 适用 适合 可用于 用于 优于 高于 低于 无需 不需 不产生
improve improves increases reduces reduced lowers prevents avoids suppressed withstand suitable enables allows achieves`)

// idle are clauses of form.
var idle = regexp.MustCompile(`^\W*(?:其?特征(?:在于|是|为)|characteri[sz]ed (?:in that|by)|(?:根据|如|按照)?权利要求\d+(?:所述)?(?:的\p{Han}{0,12})?|(?:the \w+ (?:of|according to) claim \d+)|(?:本(?:发明|实用新型|申请|技术))?(?:主要|具体)?(?:公开|提供)?(?:涉及|属于)\p{Han}{0,16}领域|(?:本(?:发明|实用新型|申请)的?)?(?:有益|技术|积极)?效果(?:主要)?(?:体现|表现|在于|如下|是|为)*|(?:与|同)?现有技术相比|(?:本(?:发明|实用新型|申请))?(?:还)?(?:公开|提供|涉及)了?(?:一种)?(?:该|其|上述|所述)\p{Han}{0,20}(?:方法|应用|用途)|the present invention(?: relates| belongs)?[a-z ]{0,40}field[a-z ]{0,40})[\W为]*$`)

// rivals go before figures of something else.
var rivals = words(`对比 常规 传统 现有 通常 一般 普通 同类 原有 市售 商用 conventional commercial compared usual ordinary`)

// emptyWords say nothing of what a figure is about.
var emptyWords = words(`降至 降到 降低到 降低至 下降到 下降至 提高到 提高至 提升至 提升到 上升到 增加到 增至 缩短至 缩短到 减少到 减少至 减小到 压缩到 达到 达 为 至 到 由 从 约 仅 在 于 和 与 及 不低于 不高于 不大于 不小于 不超过 不得超过 大于 小于
高于 低于 不少于 超过 以上 以下 以内 左右 分别 均 控制 保持 可达 最高 最低 最多 至少 要求 需要 ≥ ≤ of at is to from by and below above least most about around`)

// atLeast and atMost are words of comparison that stand apart from their number, or are
// read as another comparison.
var (
	atLeast = words(`not_less not_lower not_shorter not_fewer 高于每 大于每 超过每 至少 不低于 不少于 不小于 起码 at_least no_less_than`)
	only    = words(`只有 仅有`)
	atMost  = words(`最高只能 最多只能 只能 not_thicker not_more not_longer not_wider not_heavier not_higher not_greater not_larger thinner_than shorter_than lighter_than 低于每 小于每 少于每 最多 至多 不超过 不高于 不大于 不多于 不超 别超 别超过 别过 不要超过 顶多 at_most no_more_than down_to`)
	most    = words(`顶天 封顶 打住 就够 足够 就行`) // behind the number
	reaches = words(`up_to`)
)

// lasting goes with times that more is better of, taking with those that less is.
var (
	lasting = words(`撑 维持 保持 自守 供电 敞 够用 用一天 不结 不裂 不变 不复燃 失锁 without stay stays keep keeps hold holds work works run runs powers continuous 耐火 fire 寿命 不坏 保质 保存 保鲜 年限 使用 耐用 不换 用得 存放 货架期 续航 连续 试验 老化 浸泡 盐雾 放置 贮存 有效 管 质保 稳定 lifetime service_life shelf_life lasts endures`)
	taking  = words(`就能 装完 做完 干完 完事 干透 可采 能采 采收 通行 调好 open_to open_again ready_in 耗时 用时 工期 周期 节拍 固化 表干 完成 搞定 换完 出结果 报警 响应 恢复 开放 放车 建成 上线 到货 within takes`)
)

// more and fewer are words of a change that is meant where none was read.
var (
	more  = words(`增加 提高 提升 延长 增长 increase increased raise raised`)
	fewer = words(`减震 减振 降低 减少 降噪 减重 减薄 缩短 节省 节约 节能 省电 省漆 省料 下降 减轻 少用 降本 reduce reduced reduction cut lower save saves saving down_by falls_by fell_by drops_by dropped_by falls fell`)
)

// without and surpasses turn a comparison that follows.
var (
	without   = words(`without no not`)
	surpasses = words(`优于 好于 better_than`)
)

// upward and downward are words of properties of which more is better, and less.
var (
	upward   = words(`强度 制热量 制冷量 出力 传输 传距 应力幅 疲劳 管 覆盖 容纳 装载 级 等级 capacity strength`)
	downward = words(`弯曲半径 减薄 厚度差 温差 色差 最小 预算 造价 minimum_bend smallest`)
)

// prices go with money.
var prices = words(`钱 价 成本 费 预算 投资 一台 一套 单台 每台 一把 每吨 增加 贵 便宜`)

// tilts tell that degrees are those of an angle, or of what has its own, and not of heat.
var tilts = words(`角 坡 倾 弯 锥 旋 转 扭 偏 仰 摆 相位 视场 扇 方位 经 纬 设防 烈度 抗震 地震 硬度 色 酒 浊 白度 光泽 聚合 angle slope tilt turn rotat bend`)

var shore = words(`邵 邵氏 shore`)

// wearing goes with turns that are counted, and not those of a minute.
var wearing = words(`磨 耗 寿命 累计 跑合 taber 圈数 转数 次数 每转 每 后`)

// rounds tell that 周 are those of a cell that is charged and discharged, and no weeks.
var rounds = words(`循环 充放电`)

// stretching goes with how much longer something gets.
var stretching = words(`拉长 伸长 抻长`)

// living goes with germs.
var living = words(`活的 活菌 菌 芽孢 孢子`)

// speeds make kilometres those of an hour.
var speeds = words(`时速`)

// levels go before what is reached and no change.
var levels = words(`至 到 达 为 由 从 to from of at`)

// environment goes with what has to be coped with: more of it is harder.
var environment = words(`环境 室外 工况 进口 进水 来水 补水 来料 耐受 承受 适应 水深 残余 含盐 盐分 氯离子 tolerated ambient environment feed`)

// spanning goes with ranges that have to be covered from end to end.
var spanning = words(`覆盖 范围 量程 适用 可调 适应 频段 转速 温度 全部 之间都 都能 能做 range coverage adjustable operating operates operation temperature temperatures`)

// settings are what a process is set to: a window that overlaps what is allowed can be
// kept within it. A spread of results cannot.
var settings = words(`温度 压力 时间 转速 速度 热压 烧成 烧结 干燥 固化 反应 焙烧 加热 处理 temperature pressure`)

// per are units of what a figure is for, by the words before or behind it.
var per = map[string]string{
	"每吨": "t", "吨水": "t", "每 吨": "t", "per tonne": "t", "per ton": "t", "每平米": "m²", "每平方米": "m²", "每平方": "m²", "每㎡": "m²", "per m²": "m²", "per square metre": "m²",
	"一平方": "m²", "一平方米": "m²", "一平米": "m²", "一亩": "亩", "每升": "L", "per litre": "L", "per liter": "L", "每毫升": "mL", "每克": "g", "每千克": "kg", "每亩": "亩", "每米": "m", "每公里": "km",
	"年产": "年", "年处理": "年", "年产能": "年", "每年": "年", "日完成": "d", "日加工": "d", "日排": "d", "日耗": "d", "日烘": "d", "日供": "d", "日洗": "d", "日收": "d", "日化": "d", "每667 m²": "亩", "每667m²": "亩", "每月": "个月", "时产": "h",
	"每方": "m³", "每立方": "m³", "每立方米": "m³", "per m³": "m³", "per cubic metre": "m³", "每公斤": "kg", "每斤": "斤", "per kg": "kg",
	"每天": "d", "每日": "d", "日处理": "d", "日产": "d", "每小时": "h", "每分钟": "min", "每秒": "s", "per day": "d", "per hour": "h", "per minute": "min", "per second": "s",
}

var perWords = lexiconOf(slices.Sorted(maps.Keys(per)))
