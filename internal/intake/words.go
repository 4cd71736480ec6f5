package intake

// cue is words that go before elements of a kind.
type cue struct {
	kind  Kind
	words lexicon
	// until are words before which the element ends, besides punctuation.
	until lexicon
	// withCue takes the cue into the element: 提高耐磨性.
	withCue bool
	// tight ends the element behind the first of the needed words: 高韧性 of 高韧性单晶.
	tight bool
	// needs are words one of which the element must hold; none is any.
	needs lexicon
}

func (c *cue) fits(runes []rune) bool { return len(c.needs) == 0 || c.needs.within(runes) }

// endOfNeeded gives the number of code points to the end of the first needed word.
func (c *cue) endOfNeeded(runes []rune) int {
	for i := range runes {
		if n := c.needs.at(runes, i); n > 0 {
			return i + n
		}
	}
	return len(runes)
}

// within tells whether any word is in runes.
func (l lexicon) within(runes []rune) bool {
	for i := range runes {
		if l.at(runes, i) > 0 {
			return true
		}
	}
	return false
}

// is tells whether runes are one of the words.
func (l lexicon) is(runes []rune) bool {
	return len(runes) > 0 && l.at(runes, 0) == len(runes)
}

// vague begin what says nothing by itself: 解决以下问题, 采用的方式.
var vague = lexiconFrom(`目前存在 现有 存在 的 以下 这 该 此 上述 了 这些 那些 哪些 什么 下列 如下 某些 一些 相关 其 我 所有`)

var cues = []cue{
	{
		kind:  Application,
		words: lexiconFrom("用于 应用于 应用在 适用于 运用于 使用于 面向 应用领域为 应用场景为"),
		until: lexiconFrom("的 以便 并 且 从而 来 实现 提高 降低 对 后 过程"),
	},
	{
		kind:  Application,
		words: lexiconOf("for use in", "used in", "used for", "applied to", "applied in", "applicable to", "suitable for"),
		until: lexiconOf(" that ", " which ", " and ", " with "),
	},
	{
		kind:  Method,
		words: lexiconFrom("采用 通过 利用 运用 借助 基于"),
		until: lexiconFrom("来 以 使 实现 提高 提升 降低 解决 进行 对 从而 达到 并 而 的基础 等 完成 获得 改善 减少 增强 满足 保证 加以 替代 的 后"),
		needs: lexiconFrom("法 工艺 技术 方式 手段 模型 算法 熔 焊 喷 涂 镀 铸 锻 轧 烧结 萃取 提取 分离 发酵 合成 反应 氧化 处理 分析 设计 控制 优化 改进 仿真 模拟 计算 检测 加工 成型 改性 催化 结构 理论 物联网 大数据 云计算"),
	},
	{
		kind:  Method,
		words: lexiconOf("by means of", "using", "based on"),
		until: lexiconOf(" to ", " and ", " for ", " in ", " that "),
	},
	{
		kind:    Efficacy,
		words:   lexiconFrom("提高 提升 增强 改善 增加 延长 降低 减少 减轻 缩短 节约 节省 避免 防止 消除 抑制 克服 杜绝 优化 保证 确保 减小"),
		until:   lexiconFrom("的同时 的目的 的技术 的方法 的工艺 的效果 以 使 从而 并 等 来 后 时 进而 至 到 达到 是 具有 必须 了"),
		withCue: true,
		needs:   efficacyNouns,
	},
	{
		kind:    Efficacy,
		words:   lexiconFrom("解决"),
		until:   lexiconFrom("的技术 以 使 从而 并 后"),
		withCue: true,
		needs:   lexiconFrom("问题 难题 难点 缺陷 瓶颈 不足 困难 痛点"),
	},
	{
		kind:    Efficacy,
		words:   lexiconOf("improve", "improves", "improving", "increase", "increasing", "enhance", "reduce", "reduces", "reducing", "decrease", "prevent", "prevents", "avoid", "extend", "lower"),
		until:   lexiconOf(" by ", " to ", " in ", " with ", " using ", " of at ", " and reduce", " while "),
		withCue: true,
	},
	{
		kind:    Efficacy,
		words:   lexiconFrom("耐 抗 防 高 低 易"),
		tight:   true,
		until:   lexiconFrom("的 和 与 及 且 等 能力 材料 涂 新 合金 钢 电 纤维"),
		withCue: true,
		needs:   lexiconFrom("磨性 热性 蚀性 腐蚀性 候性 温性 湿性 压性 水性 火性 爆性 氧化性 老化性 冲击性 菌性 能性 强度 韧性 硬度 精度 效率 导热性 导电性 可靠性 稳定性 灵敏度 能耗 成本 损耗 噪音 噪声"),
	},
}

// efficacyNouns are what verbs of improvement act on.
var efficacyNouns = lexiconFrom(`率 性 度 量 能 力 成本 质量 寿命 效果 效益 精度 速度 温度 强度 误差 噪音 噪声 能耗 损耗 消耗 排放 污染 风险 周期 时间 水平 产能 产量 品质 安全 问题 重量
故障 事故 缺陷 变形 开裂 裂纹 泄漏 腐蚀 磨损 浪费 口感 活性 价格 费用 压力 负担 劳动 用工 人工 体积 面积 尺寸 结构 工艺 稳定 浓度 含量 阻力 温升 老化 失效 爆炸 火灾 结焦 堵塞 辐射 粉尘 废水 废气 异味 功耗 竞争力 附加值 收入 收益 利润`)
