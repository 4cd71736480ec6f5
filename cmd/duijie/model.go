package main

import (
	"github.com/duijie/duijie/internal/embed/static"
)

// modelCmd is what there is to do with models.
type modelCmd struct {
	List     modelListCmd     `cmd:"" help:"List the models: what is built in, and the tuned ones that were added. 列出模型。"`
	Show     modelShowCmd     `cmd:"" help:"Print a model's card: what it was made from, how, and what was measured. 显示模型卡。"`
	Add      modelAddCmd      `cmd:"" help:"Keep a tuned model's file. 登记训练好的模型。"`
	Tune     modelTuneCmd     `cmd:"" help:"Train from the stored labels and add the model. 用库中标注训练并登记模型。"`
	Freeze   modelFreezeCmd   `cmd:"" help:"Freeze part of the experts' labels as a dataset to measure by; they are not learned from then. 冻结部分专家标注作为评测集（不再用于训练）。"`
	Datasets modelDatasetsCmd `cmd:"" help:"List the frozen datasets. 列出冻结的评测集。"`
	Retire   modelRetireCmd   `cmd:"" help:"Take a frozen dataset out of use: its labels are learned from again. 停用评测集，其标注重新用于训练。"`
	Promote  modelPromoteCmd  `cmd:"" help:"Put a model in production, if the gate lets it. 通过门禁上线模型。"`
	Rollback modelRollbackCmd `cmd:"" help:"Put the model from before back in production. 回退到上一个模型。"`
	Shadow   modelShadowCmd   `cmd:"" help:"Have a model score live requests as well, seen by nobody. 影子评分：不影响用户。"`
	History  modelHistoryCmd  `cmd:"" help:"What was in production when, by whom and why. 上线历史。"`
	Distill  modelDistillCmd  `cmd:"" help:"Make a static model from a teacher, a word list and unlabelled texts. 蒸馏静态模型。"`
}

// openStatic opens a file, or the built-in model where path is empty.
func openStatic(path string) (*static.Model, error) {
	if path == "" {
		return static.Builtin()
	}
	return static.OpenFile(path)
}
