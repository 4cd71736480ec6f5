package match

// Words names the leg for people; one that is not known is itself.
func (n LegName) Words() LocalText {
	if w, ok := legWords[n]; ok {
		return w
	}
	return LocalText{ZH: string(n), EN: string(n)}
}

// legWords name the legs of the built-in ranker, and the features of tuned ones.
var legWords = map[LegName]LocalText{
	TitleLeg:      {ZH: "标题相似度", EN: "title similarity"},
	TextLeg:       {ZH: "全文相似度", EN: "text similarity"},
	CoverageLeg:   {ZH: "需求用语覆盖率", EN: "share of the demand's wording covered"},
	LexicalLeg:    {ZH: "词语检索", EN: "word search"},
	TitleWordsLeg: {ZH: "专利标题用词在需求中的呼应", EN: "the patent title's words met in the demand"},
	AskedWordsLeg: {ZH: "需求标题用词在专利标题中的呼应", EN: "the demand title's words met in the patent's title"},
	PassagesLeg:   {ZH: "最接近的三句需求的相似度", EN: "similarity of the demand's three nearest sentences"},
	RerankLeg:     {ZH: "大模型重排", EN: "re-ranking by a chat model"},

	"title-text":            {ZH: "需求标题与专利全文的相似度", EN: "similarity of the demand's title with the patent's text"},
	"text-title":            {ZH: "需求全文与专利标题的相似度", EN: "similarity of the demand's text with the patent's title"},
	"offered":               {ZH: "专利标题用语见于需求的比例", EN: "share of the patent title's wording that the demand has"},
	"coverage-weight":       {ZH: "需求用语覆盖率（按区分度加权）", EN: "share of the demand's wording covered, telling words counting more"},
	"offered-weight":        {ZH: "专利标题用语见于需求的比例（按区分度加权）", EN: "share of the patent title's wording that the demand has, telling words counting more"},
	"title-coverage":        {ZH: "需求标题用语见于专利的比例", EN: "share of the demand title's wording that the patent has"},
	"title-offered":         {ZH: "专利标题用语见于需求标题的比例", EN: "share of the patent title's wording that the demand's title has"},
	"title-coverage-weight": {ZH: "需求标题用语见于专利的比例（按区分度加权）", EN: "share of the demand title's wording that the patent has, telling words counting more"},
	"title-offered-weight":  {ZH: "专利标题用语见于需求标题的比例（按区分度加权）", EN: "share of the patent title's wording that the demand's title has, telling words counting more"},
	"words":                 {ZH: "专利标题用词在需求中的词频得分", EN: "how often the demand uses the patent title's words"},
	"telling":               {ZH: "最具区分度的共同用语的权重", EN: "weight of the most telling shared word"},
	"substring":             {ZH: "两标题最长相同字串的字数", EN: "characters of the longest wording that both titles share"},
	"substring-share":       {ZH: "最长相同字串占专利标题的比例", EN: "share of the patent's title that the longest shared wording takes"},
	"characters":            {ZH: "专利标题用字见于需求标题的比例", EN: "share of the patent title's characters that the demand's title has"},
	"characters-of":         {ZH: "需求标题用字见于专利标题的比例", EN: "share of the demand title's characters that the patent's title has"},
	"patent-length":         {ZH: "专利标题字数", EN: "characters of the patent's title"},
	"demand-length":         {ZH: "需求用语数", EN: "number of the demand's distinct words"},
	"demand-title-length":   {ZH: "需求标题字数", EN: "characters of the demand's title"},
	"zero-shot":             {ZH: "无标注排序的打分", EN: "score of the ranking without labels"},
	"linear-level":          {ZH: "线性模型估计的等级", EN: "level by the linear model"},

	"kernel-level":   {ZH: "由相近配对的标注推得的等级", EN: "level that labels of similar pairs lead to"},
	"kernel-gain":    {ZH: "由相近配对的标注推得的收益", EN: "gain that labels of similar pairs lead to"},
	"kernel-shift":   {ZH: "相近配对的标注对等级的增减", EN: "what labels of similar pairs add to the level"},
	"kernel-support": {ZH: "与最近的已标注配对的接近程度", EN: "closeness to the nearest labelled pair"},

	"own-count":            {ZH: "该需求已有标注数", EN: "number of this demand's labels"},
	"own-share-1":          {ZH: "该需求标注中 1 级（无关）的比例", EN: "share of level 1 among this demand's labels"},
	"own-share-2":          {ZH: "该需求标注中 2 级（弱）的比例", EN: "share of level 2 among this demand's labels"},
	"own-share-3":          {ZH: "该需求标注中 3 级（较强）的比例", EN: "share of level 3 among this demand's labels"},
	"own-share-4":          {ZH: "该需求标注中 4 级（强）的比例", EN: "share of level 4 among this demand's labels"},
	"own-mean":             {ZH: "该需求标注的平均等级", EN: "mean level of this demand's labels"},
	"near-vector":          {ZH: "该需求最相似（按向量）的已标注专利的平均等级", EN: "mean level of this demand's labelled patents nearest by vectors"},
	"near-vector-wide":     {ZH: "该需求较相似（按向量）的已标注专利的平均等级", EN: "mean level of this demand's labelled patents near by vectors"},
	"near-terms":           {ZH: "该需求最相似（按用语）的已标注专利的平均等级", EN: "mean level of this demand's labelled patents nearest by words"},
	"near-terms-wide":      {ZH: "该需求较相似（按用语）的已标注专利的平均等级", EN: "mean level of this demand's labelled patents near by words"},
	"nearest-vector":       {ZH: "与该需求最近（按向量）的已标注专利的相似度", EN: "similarity to this demand's labelled patent that is nearest by vectors"},
	"nearest-vector-level": {ZH: "该需求最近（按向量）的已标注专利的等级", EN: "level of this demand's labelled patent that is nearest by vectors"},
	"nearest-terms":        {ZH: "与该需求最近（按用语）的已标注专利的相似度", EN: "similarity to this demand's labelled patent that is nearest by words"},
	"nearest-terms-level":  {ZH: "该需求最近（按用语）的已标注专利的等级", EN: "level of this demand's labelled patent that is nearest by words"},
	"nearest-high":         {ZH: "与该需求标为 3、4 级的最近专利的相似度", EN: "similarity to this demand's nearest patent labelled 3 or 4"},
	"nearest-middle":       {ZH: "与该需求标为 2 级的最近专利的相似度", EN: "similarity to this demand's nearest patent labelled 2"},
	"nearest-low":          {ZH: "与该需求标为 1 级的最近专利的相似度", EN: "similarity to this demand's nearest patent labelled 1"},
	"same-title-level":     {ZH: "该需求同标题专利的标注等级", EN: "level of this demand's labelled patents of the same title"},
	"zero-shot-rank":       {ZH: "该需求已标注专利中无标注打分较低者的比例", EN: "share of this demand's labelled patents that score lower without labels"},
	"level-at-rank":        {ZH: "按无标注打分排到此位时该需求标注的等级", EN: "level of this demand's labels at the place that the score without labels gives"},
	"own-residual":         {ZH: "该需求的标注高出线性模型估计的程度", EN: "how far this demand's labels are above the linear model's"},
}
