package doctor

import (
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

const restoreZH, restoreEN = "；请从备份恢复（duijie restore），工具不会删除数据来“修复”", "; restore a backup (duijie restore): nothing is deleted to make this look repaired"

// reasons say each code in both languages.
var reasons = map[Code]match.LocalText{
	Code(sqlite.DamagedFile):    {ZH: "数据库文件已损坏" + restoreZH, EN: "the database file is damaged" + restoreEN},
	Code(sqlite.DamagedKey):     {ZH: "数据库的一行指向不存在的行" + restoreZH, EN: "a row of the database names one that is not there" + restoreEN},
	Code(sqlite.DamagedPointer): {ZH: "最新版本与版本记录不一致" + restoreZH, EN: "the newest revision does not agree with the revisions" + restoreEN},
	Code(sqlite.DamagedBody):    {ZH: "正文无法读取或不合规则" + restoreZH, EN: "the body cannot be read or breaks a rule" + restoreEN},
	Code(sqlite.DamagedHash):    {ZH: "正文与写入时不同（校验和不符）" + restoreZH, EN: "the body is not what was written (wrong hash)" + restoreEN},
	Code(sqlite.DamagedTally):   {ZH: "保存的条数不对", EN: "the kept count is wrong"},
	Code(sqlite.DamagedRating):  {ZH: "保存的评分合计不对", EN: "the kept sum of ratings is wrong"},
	Code(sqlite.DamagedModel):   {ZH: "模型文件或冻结数据集与写入时不同" + restoreZH, EN: "the file of a model, or a frozen dataset, is not what was written" + restoreEN},
	Code(sqlite.StrayFailure):   {ZH: "失败记录指向不存在的记录", EN: "a failure is noted for a record that does not exist"},
	Code(sqlite.StrayLabel):     {ZH: "标注指向尚不存在的记录（允许）", EN: "labels name a record that does not exist (which is allowed)"},

	DamagedLog:      {ZH: "向量文件已损坏，可由记录重建", EN: "the vector log is damaged; it can be made again from the records"},
	OldLog:          {ZH: "向量文件是旧格式，下次打开时由记录重建", EN: "the vector log has an old format; it is made again from the records at the next start"},
	DamagedWords:    {ZH: "字词索引已损坏，可由记录重建", EN: "the index of words is damaged; it can be made again from the records"},
	MissingVectors:  {ZH: "缺少向量，无法按语义检索到", EN: "has not both vectors, and is not found by its meaning"},
	BadVector:       {ZH: "向量的维数或数值不对", EN: "a vector has a wrong dimension, length or number"},
	StaleVector:     {ZH: "向量与最新文本不符", EN: "the vectors are not those of the newest text"},
	WithdrawnVector: {ZH: "记录已下架，但向量仍在", EN: "is withdrawn and still has vectors"},
	OrphanVector:    {ZH: "向量不属于任何记录", EN: "vectors that belong to no record"},
	AheadMark:       {ZH: "进度标记超过了最新写入", EN: "the watermark is ahead of the newest write"},
	Pending:         {ZH: "已写入，尚未建立向量；下次启动时处理", EN: "written and not embedded yet; the next start does it"},
	Leftover:        {ZH: "被中断的备份或恢复留下的临时目录", EN: "a temporary folder that a killed backup or restoration left"},
	OtherSettings:   {ZH: "集合的设置与配置不同；下次启动 duijie serve 时由写入方调整", EN: "the collection has other settings than are configured; duijie serve changes them at its next start"},
	Failed:          {ZH: "嵌入失败，将自动重试（duijie retry 可立即重试）", EN: "could not be embedded and is tried again (duijie retry does it now)"},
}

// newFinding makes a finding; detail says more, where it is not nil.
func newFinding(code Code, severity Severity, record string, detail error) Finding {
	words := match.Localised(detail)
	return Finding{Code: code, Severity: severity, Record: record, Reason: reasons[code], Detail: words.EN, Words: words}
}
