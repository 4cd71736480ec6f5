package intake

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// endLexicon is words by their last code point, longer ones first.
type endLexicon map[rune][]string

func endLexiconFrom(list string) endLexicon {
	out := endLexicon{}
	for _, word := range strings.Fields(list) {
		r, _ := utf8.DecodeLastRuneInString(word)
		out[r] = append(out[r], word)
	}
	for _, same := range out {
		slices.SortStableFunc(same, func(a, b string) int { return len(b) - len(a) })
	}
	return out
}

// endingAt gives the length, in code points, of the longest word whose last one is
// runes[i]; 0 is none.
func (l endLexicon) endingAt(runes []rune, i int) int {
	for _, word := range l[runes[i]] {
		n := utf8.RuneCountInString(word)
		if i+1 >= n && hasAt(runes, i+1-n, word) {
			return n
		}
	}
	return 0
}

// nounEnding is words that nouns of a kind end in.
type nounEnding struct {
	kind  Kind
	words endLexicon
	// least is the number of code points that must go before the ending.
	least int
	// alone are endings that are nouns by themselves.
	alone lexicon
	// exact endings are taken without what goes before them.
	exact bool
}

const (
	materialNouns = `合金 不锈钢 碳钢 轴承钢 铸铁 石墨 石墨烯 树脂 塑料 橡胶 纤维 陶瓷 水泥 混凝土 薄膜 催化剂 石灰 尼龙 聚氨酯 聚乳酸 赤泥 废水 废渣 污泥 矿渣 粉煤灰
浇注料 掺合料 硅胶 氧化物 石粉 钢丝 钢板 铝材 钢材 型材 硫酸 盐酸 硝酸 甲醇 乙醇 甲烷 氨气 氢气 金刚石 氮化硼 碳化硅 氧化铝 二氧化硅 聚乙烯 聚丙烯 聚酯 电解液 石英 玄武岩 煤炭 秸秆 钛白粉 丙交酯 己二酸 己内酰胺
乳酸 淀粉 纤维素 木质素 甲醛 焦炭 煤矸石 铜箔 铝箔 锂 稀土 单晶 多晶硅 半导体 生石灰 菌种 原研药 鸡粪 漆渣 润滑脂 油脂`
	productNouns = `锂电池 锂离子电池 电池 电机 发动机 变速箱 减速器 传感器 机器人 芯片 轴承 齿轮 锅炉 变压器 断路器 电缆 胶囊 避雷器 窑炉 无人机 超级电容器 刀柄 主轴 电主轴 客车 变电站 冷库 香菇酱 胰岛素泵 挖掘机 起重机
旋耕刀 火锅底料 圆锯片 钻机 激光切割机 电容器 拖拉机`
)

var endings = []nounEnding{
	{kind: Material, words: endLexiconFrom(materialNouns), alone: lexiconFrom(materialNouns)},
	{kind: Material, least: 1, words: endLexiconFrom(`材料 原料 涂料 浆料 粉末 粉体 合金粉 颜料 染料 填料 饲料 肥料 农药 面料 织物 乳液 化合物 聚合物 添加剂 助剂 药剂 溶剂 试剂 板材 管材 钢 酸 酯 醚 醇 酮 胺 酶 单体 晶体 涂层 浸膏 提取物
剂 铝 铜 镁 钛 胶`)},
	{kind: Material, least: 2, words: endLexiconOf("alloy", "steel", "resin", "polymer", "ceramic", "ceramics", "fibre", "fiber", "rubber", "glass", "concrete", "catalyst", "coating", "powder", "electrolyte", "material", "materials", "graphene", "graphite")},
	{kind: Product, words: endLexiconFrom(productNouns), alone: lexiconFrom(productNouns)},
	{kind: Product, least: 1, words: endLexiconFrom(`设备 装置 系统 仪器 软件 平台 生产线 模具 刀具 夹具 药品 试剂盒 反应器 控制器 换热器 过滤器 加热器 探测器 服务器 处理器 开关 阀门 水泵 汽车 机床 主机 机组 仪表 容器 管道 桥梁 玻璃 食品 饮料
小麦 数据库 监控 零件 零部件 部件 制品 机 仪 泵 阀 车 器 炉 罐`)},
	{kind: Product, least: 2, words: endLexiconOf("machine", "device", "equipment", "system", "sensor", "battery", "batteries", "motor", "pump", "valve", "robot", "engine", "reactor", "software", "platform", "chip", "vehicle", "blade", "bearing")},
	{kind: Method, least: 2, words: endLexiconFrom(`工艺 技术 方法 算法 工艺路线 制备法 提取法 处理法 检测法 发酵法 合成法 数值仿真 有限元分析 数值模拟 表面处理 热处理 等离子熔覆 激光熔覆 精密铸造 定向凝固`)},
	{kind: Method, least: 2, words: endLexiconOf("process", "method", "technology", "technique", "algorithm", "treatment")},
	{kind: Application, least: 1, words: endLexiconFrom(`领域 行业`)},
	{kind: Efficacy, words: endLexiconFrom(effectNouns), alone: lexiconFrom(effectNouns), exact: true},
}

const effectNouns = `耐磨性 耐高温 耐腐蚀 耐低温 抗氧化 抗老化 抗冲击 抗震 高强度 高韧性 高精度 高效节能 低成本 低能耗 零排放 无污染 无毒 无害化 资源化 轻量化 自动化 智能化 防爆 防水 防火 阻燃 节能 环保 高活性 高稳定性 导热性能 减重 耐候性 成膜性 高延伸率 绿色环保`

// endLexiconOf is for words with their blank before: the ending begins a word.
func endLexiconOf(words ...string) endLexicon {
	return endLexiconFrom(strings.Join(words, " "))
}

// sticky are what makes another word of an ending: 机 in 机械.
var sticky = lexiconFrom(`员 论 化 性 率 学 业 公司 有限 厂 人员 中心 专利`)

// longer are words that begin with the last code point of an ending and make another
// word of it.
var longer = lexiconFrom(`机物 机肥 机废 机化 机酸 机合 机质 机磷 机氮 车标 车企 车辆 机械 机制 机理 机构 机会 机收 机能 机密 机遇 机动 机电 机型 机组 机台 机关 车间 车厢 车身 车用 车架 车载 炉渣 炉膛 炉料 器件 器械 泵房 阀体 剂量 剂型 胶囊 胶带 钢铁 钢管 钢筋 钢轧 钢厂 铝合 铜管 铜箔 酸性 酸碱 酸钠 酸铁 酸盐 酸钾 酸酯
酶解 酶活 酶抑 醇解 品安 品药 罐体 仪表 统集 统性 材料学 铝镁 镁铝 梁板 梁结 麦新 麦品 料库 铜底 煤层 醚化 酯化 水处 锂电 锂离 台架 璃幕 备制造 备厂 件生产`)

// unbroken are words that hold a break and are none.
var unbroken = lexiconFrom(`并网 本安型 本安 本质 时空 对地 不锈钢 己内酰胺 对头 对焊 对接 对辊 规模化 试验机 试验台 现场 现浇 现代 其他 其它 在线 内燃 内燃机 中药 中间体 中空 下料 上料 上下料 上位机 后处理 前处理 类金刚石 高效 被动 以太网 自由度 对流 对称 对位 和面 如意 用户 用电 等离子 等温 等静压 中央 中性 中心 中频 中压 中温 中试
及时 与会 是非 有色 有机 有源 有限元 有线 无线 水下 地下 井下 类胡萝卜素 时效 实时 即时 后驱 前驱体 前端 后端 上转换 内置 内衬 室内 应用软件 到位 因子 如图 各向 各向异性 需氧 现有 也门 就地 向心 定向 双向 万向 方向 单向 转向 由壬 可控 可降解 可再生 可编程 可视化 不饱和 不间断 不对称 不粘 没食子酸 一体化
一次性 上游 下游 中成药 中子 生产线 制造业 生物 加工中心 增加剂 添加剂 选择性 应用型 实用 专用 通用 利用率 商用 乘用 民用 军用 医用 车用 工业用 农用 食用 药用 家用 使用寿命 作用 复用 所用 包装 需求侧 存在 内径 至强 自至 设计软件 研究院 供应链 开发板 配套设备 结合剂 粘结合剂`)

// breaks are words that no noun goes on over; it begins behind the last one.
var breaks = lexiconFrom(`的 和 与 及 或 在 对 将 把 为 是 了 以 用 从 由 使 让 其 该 此 各 每 被 并 且 而 于 等 至 到 也 就 所 向 因 有 无需 没 不 可 能够 能使 一种 一个 一套 一条 一款 某 本项目 本 我国 我公司 我们 我司 公司 企业 国内 国外
目前 现有 现需 现 需要 需求 需 要求 寻求 寻找 求 想 拟 研究 研发 开发 研制 采用 通过 利用 使用 运用 应用 实现 提高 提升 降低 减少 解决 改进 改善 进行 主要 一些 这种 这些 该种 几种 多种 各种 各类 以及 包括 例如 如 比如
购买 引进 希望 属于 作为 成为 形成 建立 建设 完成 达到 满足 保证 确保 避免 防止 具有 具备 拥有 存在 出现 产生 造成 导致 影响 但 虽然 由于 如何 怎样 什么 是否 已 正 将来 未来 随着 针对 关于 根据 按照 结合 配套 选择 适合 添加 增加
加装 喷施 创制 创建 发展 若 三个 两个 单个 经常性 发生 试制 知道 如果 包含 更换 配备 大量 召开 或者 这些 些 我单位 本单位 及其 限制 较少 保护 延长 缺乏 加快 推动 撼动 来自 打破 必须 取代 逐步 首创 探明 攻克 抑制 有效 暂无 计划 外购 自制 即 部分 不同 相同 领先 相近 全新 诸多 陷入 谱写 去除 中国 全国 世界 全球 传统 本次 摒弃 探索 试验 规模 获得 使得 从事 仅 受 组装成 加速 搭建 构建 明确 给 严格 符合 开展 确定 配置 驱动 推广 保障 显著 频繁 相比 整套 引入 带动 引起 进入 转移 属 余条 余台 余套 余家 设计 制造 生产 加工 供应 提供 生成 制成 制备 指导 研制出 之间 之 上 中 下 后 前 内 时 类 项 the a an of for in and or with to that which from by using new our is are we need needs`)

// notNouns end as nouns of a kind do and name nothing.
var notNouns = lexiconFrom(`新材料 原材料 复合材料 建筑材料 相关材料 有机 无机 随机 时机 动机 危机 契机 司机 主机 上机 样机 整机 单机 手机 计算机 关键技术 核心技术 新技术 高新技术 先进技术 现有技术 专业技术 信息技术 相关技术 工程技术 科学技术
共性关键技术 生产技术 新工艺 生产工艺 制造工艺 传统工艺 先进工艺 加工工艺 工艺技术 机器 仪器 新设备 生产设备 设备 系统 检测设备 相关设备 试验设备 实验设备 加工设备 研发平台 创新平台 技术平台 服务平台 试验仪器 该领域 技术领域 行业 领域 本行业
集成关键技术 产业化关键技术 技术合作 产品技术 本技术 该技术 此技术 测试工程技术 成熟技术 高新技术 属高新技术 行业技术 诸多领域 全新领域 重点领域 技术领域 各领域 多领域 科学系统 领先技术 颠覆性技术 具体技术 先进设备 专用设备 研发设备 试验设备 检测仪器 技术合作 技术体系 长期技术 同行业 相关行业 工艺路线 新方法 方法 技术方法 有效方法 主要产品 高新技术产品 硬件 新型材料 新药剂 机动车 机车 原料 关键零部件 核心部件 关键部件 乘车 停车 抗氧化剂 化学`)

var titleStarts = lexiconFrom(`关于 一种 新型 高效 求购 寻求 寻找 急需 征集 需求 研发 开发 研制 研究 解决 提高 如何`)

var titleEnds = lexiconFrom(`关键技术研究 关键技术开发 核心技术开发 集成关键技术 共性关键技术 新技术 相关 关键 核心 核心技术 性能 性能研究 的 及 与 和 及其 项目 需求 研发 开发 研制 研究 改进 改造 设计 制造 制备 生产 产业化 关键技术 技术 技术研究 应用 推广 工程 系统开发 方案 问题 技术需求 技术开发 优化 升级 提升 难题 攻关 合作 工艺 新工艺 处理 利用 再利用 方法 中 仿制药开发 建设 创新 示范 构建 分析 规模化 实现`)

var titleVerbs = lexiconFrom(`去除 增强 提升 改善 增加 解决 提高 降低 如何 难题 问题 采用 通过 研究 开发 研发 处理 减少 防止 实现 的`)
