package intake

import "github.com/duijie/duijie/internal/match"

// advice for each flag, in the order in which it is given.
var flagAdvice = map[Flag]match.LocalText{
	Empty:       {ZH: "需求没有内容，请写明要解决的技术问题。", EN: "There is nothing to read: say which technical problem is to be solved."},
	NotProvided: {ZH: "需求内容未提供，请写明要解决的技术问题、现状与目标。", EN: "The content was not provided: say which problem is to be solved, how things are, and what is wanted."},
	Boilerplate: {ZH: "内容多为通用套话，请写明具体的技术问题。", EN: "It is made of phrases that fit any demand: name the technical problem itself."},
	TooShort:    {ZH: "内容过短，请至少用一两句话说明对象、问题和目标。", EN: "It is too short: give the object, the problem and the aim in a sentence or two."},
	Repeated:    {ZH: "内容大量重复，请检查录入是否有误。", EN: "It repeats itself: check that it was entered rightly."},
	ContactOnly: {ZH: "只有联系方式，请补充技术需求本身。", EN: "It gives contact data alone: add the demand itself."},
	NoText:      {ZH: "只有标题，请补充正文：背景、问题、目标和指标。", EN: "There is a title alone: add background, problem, aims and figures."},
}

// advice for each kind that is missing.
var kindAdvice = map[Kind]match.LocalText{
	Quantity:    {ZH: "写出可量化的指标：数值、单位和上下限，例如“抗冲击韧性≥67%”“成本不超过3.5万元/吨”。", EN: "Give figures with units and limits, such as “toughness ≥ 67 %” or “at most 35,000 yuan a tonne”."},
	Efficacy:    {ZH: "说明要达到的效果或要解决的问题，例如“提高耐磨性”“降低能耗”。", EN: "Say what is to be achieved or solved, such as “improve wear resistance” or “reduce energy use”."},
	Product:     {ZH: "说明涉及的产品或设备名称和型号。", EN: "Name the product or equipment, and its model."},
	Application: {ZH: "说明应用场景、行业和使用条件，例如“用于煤矿井下”。", EN: "Say where it is used and under which conditions, such as “for use in coal mines”."},
	Material:    {ZH: "说明涉及的材料、原料或介质，例如“TiAl 合金”“含盐废水”。", EN: "Name the materials, raw materials or media, such as “TiAl alloy” or “saline waste water”."},
	Method:      {ZH: "说明现用或设想的工艺、方法或技术路线。", EN: "Name the process or method, the one in use or the one thought of."},
}

var adviceOrder = []Kind{Quantity, Efficacy, Product, Application, Material, Method}

func (r *Report) suggestions() []match.LocalText {
	var out []match.LocalText
	for _, f := range r.Flags {
		out = append(out, flagAdvice[f])
	}
	for _, k := range adviceOrder {
		if r.lacks(k) {
			out = append(out, kindAdvice[k])
		}
	}
	return out
}

// Words names kinds, grades and flags for people.
func (k Kind) Words() match.LocalText { return kindWords[k] }

// Words names the flag for people.
func (f Flag) Words() match.LocalText { return flagWords[f] }

var kindWords = map[Kind]match.LocalText{
	Material:    {ZH: "材料", EN: "material"},
	Method:      {ZH: "方法", EN: "method"},
	Efficacy:    {ZH: "功效", EN: "efficacy"},
	Product:     {ZH: "产品", EN: "product"},
	Application: {ZH: "应用", EN: "application"},
	Quantity:    {ZH: "量化指标", EN: "quantified requirement"},
}

var flagWords = map[Flag]match.LocalText{
	Empty:       {ZH: "无内容", EN: "empty"},
	NotProvided: {ZH: "未提供内容", EN: "not provided"},
	Boilerplate: {ZH: "套话", EN: "boilerplate"},
	TooShort:    {ZH: "过短", EN: "too short"},
	Repeated:    {ZH: "重复", EN: "repeated"},
	ContactOnly: {ZH: "只有联系方式", EN: "contact data only"},
	NoText:      {ZH: "只有标题", EN: "title only"},
}
