package report

import "slices"

// sentences are what package evaluation, gate and format say in English, with
// their Chinese. See [pattern] for the verbs. The first that fits is taken. A
// percent sign of the text itself is written as the word for it.
var sentences = slices.Concat(definitionSentences, promotionSentences, reasonSentences, repairSentences,
	[]phrase{{"%s：%s", "%s: %s"}})

var reasonSentences = []phrase{
	{"此数据上无定义", "not defined on this data"},
	{"未要求自助法抽样", "no bootstrap samples were asked for"},
	{"在超过百分之五的自助样本上该指标无定义", "the metric is not defined on more than 5 % of the bootstrap samples"},
	{"没有需求属于该指标的总体：%s", "no query is in the population: %s"},
	{"只对已标注候选排序：与同名指标相等", "only judged candidates are ranked: equal to the metric of the same name"},
	{"模型不预测等级", "the model predicts no levels"},
	{"模型不给出各等级的概率", "the model predicts no probabilities of levels"},
	{"%d 对（共 %d 对已标注）没有预测等级", "%d of %d judged pairs have no predicted level"},
	{"模型没有反向排序（文档对需求）", "the model has no reverse run"},
	{"未测量耗时", "no latency was measured"},
	{"自助样本会重复抽到需求，展示的文档更少，区间不会包含该值", "a bootstrap sample repeats queries and so shows fewer documents: its interval would not hold the value"},
	{"合并统计的指标没有单个需求的值，无法做配对检验", "a pooled metric has no value of single queries to test"},
	{"该等级的一侧没有已标注配对", "no judged pairs on one side of the level"},
	{"切片不做检验", "slices are not tested"},
	{"没有由两位标注者判定过的配对", "no pair was judged by two raters"},
	{"各折不做检验", "folds are not tested"},
	{"第 %d 折：%s", "fold %d: %s"},
	{"全部配对的 AUC 不能拆到切片；请用 auc_query", "the AUC of all pairs is projected over all queries and has no part in a slice; use auc_query"},
	{"没有区间", "there is no interval"},
	{"样本太小，无法判定：%d 个需求簇，至少需要 %d 个；估计值 %d", "too small to decide: %d clusters of queries, %d are needed; the estimate is %d"},
	{"增益 %d [%d, %d]，基于 %d 个需求；损失最多可达 %d，界限为 %d", "gain %d [%d, %d] over %d queries; the loss may reach %d, the margin is %d"},
	{"%s 提高 %d，要求%s；校正后 p 为 %d，要求低于 %d", "%s is better by %d, required %s; corrected p is %d, required below %d"},
	{"%s 提高 %d，要求%s；没有 p 值：%s", "%s is better by %d, required %s; no p-value: %s"},
	{"%s 提高 %d，要求%s", "%s is better by %d, required %s"},
	{"%s 变差 %d，要求变好%s；校正后 p 为 %d，要求低于 %d", "%s is worse by %d, required %s; corrected p is %d, required below %d"},
	{"%s 变差 %d，要求变好%s；没有 p 值：%s", "%s is worse by %d, required %s; no p-value: %s"},
	{"%s 变差 %d，要求变好%s", "%s is worse by %d, required %s"},
	{"大于 0", "more than 0"},
	{"至少 %d", "at least %d"},
	{"%s 为 %d，要求 >=%d", "%s is %d, required >=%d"},
	{"%s 为 %d，要求 <=%d", "%s is %d, required <=%d"},
	{"%s 没有值：%s", "%s is null: %s"},
}

// promotionSentences are what a gate of models in production says besides.
var promotionSentences = []phrase{
	{"%s；上次评测未通过（%s）：放行时须点名此检查", "%s; failed when it was last measured (%s): an override must name this check"},
	{"此次未评测", "not measured now"},
	{"%s；损失超过 %d：放行时须点名此检查", "%s, a loss of more than %d: an override must name this check"},
	{"候选模型用评测所用的 %d 对训练过；这些配对已屏蔽，成绩仍可能偏高", "the candidate was trained on %d of the pairs that it is measured by; they are masked, and it may still look too good"},
	{"样本太小，无法判定：没有冻结数据集含其他产业的需求", "too small to decide: no frozen dataset has demands of other sectors"},
	{"样本太小，无法判定：没有冻结数据集含 %s 的需求", "too small to decide: no frozen dataset has demands of %s"},
	{"样本太小，无法判定：%d 组需求，至少需要 %d 组；%s", "too small to decide: %d groups of demands, %d are needed; %s"},
}

var repairSentences = []phrase{
	{"跳过了空行", "blank lines were skipped"},
	{"去掉了行尾的回车符", "carriage returns at the end of lines were dropped"},
	{"去掉了字节顺序标记", "a byte order mark was dropped"},
	{"缺少表头", "the header is missing"},
	{"等级写成了小数", "levels are written as decimals"},
	{"各行混用制表符与空格", "lines are separated by tabs and by spaces in turn"},
	{"去掉了等级相同的重复标注", "judged pairs that repeat another with the same level were dropped"},
	{"名次与得分顺序矛盾", "ranks contradict the order of scores"},
	{"跳过了需求未知的行", "lines with an unknown query were skipped"},
	{"跳过了文档未知的行", "lines with an unknown document were skipped"},
	{"补入了语料中没有的文档", "documents that no corpus names were added"},
	{"个配对属于该模型的训练标注：各自打分时已去掉自己的标注，但成绩仍然偏高",
		"pairs were among the model's training labels: each was scored without its own label, but the figures are still too good"},
	{"未计入模型或事件产生的标注：只计专家标注", "labels of a model or of events were left out: experts' alone count"},
	{"个需求没有重排，保持融合排序", "queries were not re-ranked, and stay as the fusion has them"},
	{"标注者意见不一的配对取较低的中位等级", "pairs that raters judged differently got the lower median level"},
}
