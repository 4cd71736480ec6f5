package verdict

// limits are words with which a patent says what it does not do, or not without more.
var limits = words(`不适合 不适用 不适于 不宜 不推荐 不建议 不能 不可 不得 不具备 不具有 不涉及 不包括 不处理 不反映 不足以 不支持 不改善 不提供
无法 难以 仅适用 只适用 仅限 仅能 只能 仅用于 只用于 只改善 只覆盖 仅支持 尚未 尚无 未进行 未经 未完成 目前仅 仍须 仍需 仍可能 仍为 仍然 须另行 需另行 须配套 需配套 需配备 须配备 必须配备
需要配备 需停车 需要停车 需更换 须更换 需要更换 需人工 需要人工 依靠 依赖 受限 局限 有限 易糊 易受 较弱 较差 不足 下降明显 明显下降 但 需要将 须经 专用于
not_suitable not_applicable unsuitable not_intended cannot does_not do_not is_not are_not only limited dedicated requires remains_necessary necessary intended_for however but not_yet expensive`)

// negations say that something is not there or not done.
var negations = words(`不 无 未 没 没有 免 非 勿 零 省去 取消 避免 杜绝 without no not free never non zero eliminates avoids`)

// exclusions are words with which a demand says what it does not want.
var exclusions = words(`不做 不考虑 不要 不想 不接受 不愿 不得 不能用 不能出现 不能含 不用 不需要 排除 除外 谢绝 拒绝 免谈 不采用 不采购 没兴趣 不感兴趣 不予考虑 不在考虑
not_of_interest not_what_we not_considered not_wanted not_acceptable no_interest are_not excluded do_not_want rule_out not_an_option`)

// gains are words with which a patent claims an effect.
var gains = words(`提高 提升 增强 改善 增加 延长 降低 减少 减轻 缩短 节约 节省 防止 避免 消除 抑制 克服 解决 减小 下降 降至 降到 达到 实现 满足 适用 适合 可用于 用于 优于 高于 低于 无需 不需 不产生
improve improves increases reduces reduced lowers prevents avoids suppressed withstand suitable enables allows achieves`)

// rivals go before figures of something else.
var rivals = words(`对比 常规 传统 现有 通常 一般 普通 同类 原有 市售 商用 conventional commercial compared usual ordinary`)

// emptyWords say nothing of what a figure is about.
var emptyWords = words(`降至 降到 降低到 降低至 下降到 下降至 提高到 提高至 提升至 提升到 上升到 增加到 增至 缩短至 缩短到 减少到 减少至 减小到 压缩到 达到 达 为 至 到 由 从 约 仅 在 于 和 与 及 不低于 不高于 不大于 不小于 不超过 不得超过 大于 小于
高于 低于 不少于 超过 以上 以下 以内 左右 分别 均 控制 保持 可达 最高 最低 最多 至少 要求 需要 ≥ ≤ of at is to from by and below above least most about around`)

// atLeast and atMost are words of comparison that stand apart from their number.
var (
	atLeast = words(`至少 不低于 不少于 不小于 起码 at_least no_less_than`)
	atMost  = words(`只有 仅有 最多 至多 不超过 不高于 不大于 不多于 at_most no_more_than`)
)

// lasting goes with figures that more is better of, where nothing else is said.
var lasting = words(`寿命 不坏 保质 保存 保鲜 年限 使用 耐用 不换 用得 存放 货架期 lifetime service_life shelf_life`)

// settings are what a process is set to: a window that overlaps what is allowed can be
// kept within it. A spread of results cannot.
var settings = words(`温度 压力 时间 转速 速度 热压 烧成 烧结 干燥 固化 反应 焙烧 加热 处理 temperature pressure`)

// perTonne go before a figure for each tonne.
var perTonne = words(`每吨 吨水 每_吨 per_tonne per_ton`)
