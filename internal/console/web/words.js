// The words of the console in both languages.

import { recall, remember } from "./memory.js";

const remembered = "duijie-language";
let language = recall(remembered) || preferred();

// preferred is the first language of the browser that there are words in; Chinese without one.
function preferred() {
  for (const l of navigator.languages) {
    if (l.startsWith("zh")) return "zh";
    if (l.startsWith("en")) return "en";
  }
  return "zh";
}

// english tells whether the words are English.
export const english = () => language === "en";

// setEnglish changes the language, and keeps it for the next visit.
export function setEnglish(yes) {
  language = yes ? "en" : "zh";
  remember(remembered, language);
}

// local picks from a text that the API gives in both languages.
export const local = (text) => (text && (english() ? text.en : text.zh)) || "";

// t gives the words of a key, with what is to stand in the places of {0}, {1} and so on.
// Without words it gives otherwise.
export function t(key, ...values) {
  const pair = words[key];
  if (!pair) return values[0];
  return pair[english() ? 1 : 0].replace(/\{(\d)\}/g, (_, i) => values[i]);
}

// name gives the words of a value of an enum, such as TRANSFER_MODE_LICENCE, of the name of
// a leg or of a field; what has none is given as it is.
export const name = (value) => t(value, value);

// percent of a share; one near none or all keeps a digit more, and what is not certain is
// never 100%.
export function percent(share) {
  if (share >= 0.9995 && share < 1) return ">99.9%";
  return (share * 100).toFixed((share > 0 && share < 0.1) || (share >= 0.995 && share < 1) ? 1 : 0) + "%";
}

// fixed is a number with its decimals, and signed the same with its sign.
export const fixed = (n, digits = 2) => n.toFixed(digits).replace("-", "−");
export const signed = (n) => (n < 0 ? "" : "+") + fixed(n);

// count is a whole number, which the API may give as a text.
export const count = (n) => Number(n).toLocaleString("en-US");

// when is a time in the reader's zone.
export const when = (time) => (time ? new Date(time).toLocaleString(english() ? "en-GB" : "zh-CN") : "");

// list joins words.
export const list = (all) => all.filter(Boolean).join(english() ? ", " : "、");

// money is a range in yuan.
export function money(range) {
  if (!range) return "";
  const yuan = (n) => (!english() && n >= 10000 ? n / 10000 + " 万" : n.toLocaleString("en-US"));
  const [low, high] = [Number(range.min_cny), Number(range.max_cny)];
  if (low === high) return t("money.one", yuan(low));
  return high ? t("money.range", yuan(low), yuan(high)) : t("money.from", yuan(low));
}

// region is the name of a GB/T 2260 code's province, with the code where it says more.
export function region(code) {
  const found = provinces[code.slice(0, 2)];
  if (!found) return code;
  const own = found[english() ? 1 : 0];
  return code.replace(/(00)+$/, "").length > 2 ? `${own} ${code}` : own;
}

// provinces by the first two digits of their codes (GB/T 2260).
export const provinces = {
  11: ["北京", "Beijing"], 12: ["天津", "Tianjin"], 13: ["河北", "Hebei"], 14: ["山西", "Shanxi"],
  15: ["内蒙古", "Inner Mongolia"], 21: ["辽宁", "Liaoning"], 22: ["吉林", "Jilin"], 23: ["黑龙江", "Heilongjiang"],
  31: ["上海", "Shanghai"], 32: ["江苏", "Jiangsu"], 33: ["浙江", "Zhejiang"], 34: ["安徽", "Anhui"],
  35: ["福建", "Fujian"], 36: ["江西", "Jiangxi"], 37: ["山东", "Shandong"], 41: ["河南", "Henan"],
  42: ["湖北", "Hubei"], 43: ["湖南", "Hunan"], 44: ["广东", "Guangdong"], 45: ["广西", "Guangxi"],
  46: ["海南", "Hainan"], 50: ["重庆", "Chongqing"], 51: ["四川", "Sichuan"], 52: ["贵州", "Guizhou"],
  53: ["云南", "Yunnan"], 54: ["西藏", "Tibet"], 61: ["陕西", "Shaanxi"], 62: ["甘肃", "Gansu"],
  63: ["青海", "Qinghai"], 64: ["宁夏", "Ningxia"], 65: ["新疆", "Xinjiang"], 71: ["台湾", "Taiwan"],
  81: ["香港", "Hong Kong"], 82: ["澳门", "Macao"],
};

const words = {
  "language.other": ["English", "中文"],
  "language.switch": ["Switch to English", "切换到中文"],
  "skip": ["跳到内容", "Skip to the content"],
  "nav": ["页面", "Pages"],
  "nav.find": ["匹配", "Match"],
  "nav.check": ["需求诊断", "Demand check"],
  "nav.judge": ["评判", "Judge"],
  "nav.overview": ["概览", "Overview"],
  "colon": ["：", ": "],
  "loading": ["正在读取…", "Loading…"],
  "again": ["重试", "Try again"],
  "none": ["无", "none"],
  "unknown": ["未知", "unknown"],
  "yes": ["是", "yes"],
  "money.one": ["{0}元", "CNY {0}"],
  "money.range": ["{0}～{1}元", "CNY {0}–{1}"],
  "money.from": ["{0}元起", "from CNY {0}"],

  "error.title": ["出错了", "Something went wrong"],
  "error.down": ["连不上服务。它可能已停止或正在重启，也可能是网络中断；请稍后重试。", "The server cannot be reached. It may have stopped or be restarting, or the network is down; try again in a moment."],
  "error.401": ["需要登录：服务前的网关要求身份验证。", "You must sign in: the gateway before the service asks who you are."],
  "error.403": ["没有权限。", "This is not allowed."],
  "error.404": ["没有找到。", "Not found."],
  "error.413": ["内容过大。", "This is too large."],
  "error.429": ["请求过于频繁，请稍后再试。", "Too many requests; wait a moment."],
  "error.502": ["网关连不上服务。", "The gateway cannot reach the service."],
  "error.503": ["服务暂时不可用，请稍后再试。", "The service is not available for now; try again in a moment."],
  "error.504": ["服务没有及时回答。", "The service did not answer in time."],
  "error.other": ["服务的回答无法读取。", "The server's answer cannot be read."],
  "error.page": ["没有这个页面。", "There is no such page."],

  "find.title": ["匹配", "Match"],
  "find.lead": ["为需求找专利，或为专利找企业。粘贴文字，或选择库中的记录。", "Find patents for a demand, or enterprises for a patent. Paste a text, or choose a stored record."],
  "find.from": ["从哪一方出发", "Start from"],
  "find.from.demand": ["需求 → 专利", "Demand → patents"],
  "find.from.patent": ["专利 → 企业", "Patent → enterprises"],
  "find.stored": ["库中记录的编号或关键词", "Id of a stored record, or words"],
  "find.stored.demand": ["如 D-BAT1 或 锂电池低温", "such as D-BAT1"],
  "find.stored.patent": ["如 CN202310082764B 或 提锂", "such as CN202310082764B"],
  "find.look": ["查找", "Look up"],
  "find.chosen": ["已选记录", "Chosen record"],
  "find.drop": ["不用它，改为粘贴文字", "Use a text instead"],
  "find.found": ["与所查最接近的记录", "The nearest stored records"],
  "find.browse.demand": ["库中的需求", "Stored demands"],
  "find.browse.patent": ["库中的专利", "Stored patents"],
  "find.browse.none": ["库中还没有记录。", "Nothing is stored yet."],
  "find.nothing": ["没有找到相近的记录。", "No record comes near."],
  "find.text": ["或粘贴文字", "Or paste a text"],
  "find.text.title": ["名称（可不填）", "Title (optional)"],
  "find.text.demand": ["需求：现状、要解决的问题、指标、应用场景…", "The demand: what there is, what is to be solved, figures, where it is used…"],
  "find.text.patent": ["专利摘要：技术方案、效果、用途…", "The patent's abstract: what it does, its effects, its uses…"],
  "find.filters": ["筛选", "Filters"],
  "find.region": ["地区", "Region"],
  "find.region.hint": ["浙江、440300", "Zhejiang, 440300"],
  "find.ipc": ["IPC 分类", "IPC"],
  "find.industry": ["行业（GB/T 4754）", "Industry (GB/T 4754)"],
  "find.status": ["法律状态", "Legal status"],
  "find.mode": ["转化方式", "Way of transfer"],
  "find.level": ["最低等级", "Lowest level"],
  "find.level.any": ["不限", "any"],
  "find.order": ["排序", "Order"],
  "find.order.forward": ["专利合于需求", "patent serves demand"],
  "find.order.reverse": ["需求合于专利", "demand suits patent"],
  "find.order.mutual": ["双向", "both ways"],
  "find.all": ["含已失效专利、已关闭需求", "Include what cannot be had any more"],
  "find.once": ["同族与重复只列一次", "List families and duplicates once"],
  "find.go": ["匹配", "Match"],
  "find.need": ["请粘贴文字，或先选一条库中的记录。", "Paste a text, or choose a stored record first."],

  "answer.patents": ["合适的专利", "Patents that serve it"],
  "answer.demands": ["可能需要它的企业", "Enterprises that may want it"],
  "answer.for": ["匹配对象", "Matched"],
  "answer.text": ["粘贴的文字（未存储）", "A pasted text (not stored)"],
  "answer.unkept": ["文字未保存", "The text was not kept"],
  "answer.considered": ["比较了 {0} 个候选，用时 {1} 毫秒", "{0} candidates compared in {1} ms"],
  "answer.none": ["没有符合条件的结果。可放宽筛选条件。", "Nothing meets the filters. Try wider ones."],
  "answer.nosupply": ["库中没有好的供给", "No good supply"],
  "answer.nosupply.lead": ["以下只是最接近的，请勿当作推荐。", "What follows is merely the nearest, not a recommendation."],
  "answer.chance": ["前五项中有好匹配（3 级或 4 级）的概率：{0}", "Probability of a good match (level 3 or 4) among the first five: {0}"],
  "answer.degraded": ["部分功能未能参与，结果可能不完整", "A part of the service could not take part; the answer may be incomplete"],
  "answer.hidden": ["本页另有 {0} 项低于所选等级，未列出。", "{0} more of this page are below the chosen level and not listed."],
  "answer.next": ["下一页", "Next page"],
  "answer.first": ["回到第一页", "First page"],
  "answer.facets": ["候选分布", "Candidates by"],
  "answer.pool": ["专利组合建议", "Suggested patent pool"],
  "answer.why": ["为什么没有某一项？", "Why is one not there?"],
  "answer.request": ["请求编号", "Request"],
  "answer.versions": ["版本", "Versions"],
  "answer.replay": ["重现这次结果（可转发的链接）", "Replay this answer (a link to send)"],
  "answer.permalink": ["复制本页链接", "Copy this page's link"],
  "answer.copied": ["已复制", "Copied"],
  "answer.calibration": ["等级概率的适用范围", "What the probabilities hold for"],
  "answer.calibration.facts": ["{0}；{1} 对，校准误差 {2}", "{0}; {1} pairs, calibration error {2}"],
  "version.binary": ["程序", "program"],
  "version.embedder": ["向量模型", "embedder"],
  "version.ranker": ["排序模型", "ranker"],
  "version.alias": ["别名", "alias"],
  "version.catalog": ["目录", "catalog"],
  "version.pilot": ["试点", "pilot"],

  "replay.title": ["重现的结果", "A replayed answer"],
  "replay.lead": ["这是 {0} 给出的结果，取自当时的记录版本。", "This was answered on {0}, and is shown from the revisions of that time."],
  "replay.now": ["现在重新匹配", "Match again now"],
  "replay.changes": ["此后变化的记录", "What has changed since"],
  "replay.unchanged": ["此后所涉记录没有变化。", "No record of it has changed since."],
  "replay.change": ["版本 {0} → {1}", "revision {0} → {1}"],
  "replay.withdrawn": ["已下架", "withdrawn"],
  "replay.hidden": ["不再可见", "no longer visible"],
  "replay.withheld": ["未再显示", "Not shown again"],

  "hit.score": ["得分", "score"],
  "hit.chance": ["3～4 级 {0}", "level 3–4 {0}"],
  "hit.both": ["双向综合 {0}", "mutual {0}"],
  "hit.levels": ["各等级的概率", "Probability of each level"],
  "hit.catalog": ["按整个目录计，3～4 级的概率为 {0}", "Out of the whole catalog, level 3–4 has a probability of {0}"],
  "hit.why": ["理由与依据", "Reasons and evidence"],
  "hit.elements": ["需求要点", "What the demand asks for"],
  "hit.evidence": ["专利中的依据", "Evidence in the patent"],
  "hit.evidence.key": ["底色为支撑得分的语句，下划线为对需求要点的回应。", "Shaded: what carries the score. Underlined: what answers a point of the demand."],
  "hit.offers": ["需求未提、专利还提供", "Offered beyond what was asked"],
  "hit.parts": ["得分的构成", "How the score adds up"],
  "hit.parts.lead": ["各项贡献相加得 x = {0}，得分 = 1 / (1 + e⁻ˣ) = {1}", "The contributions add up to x = {0}; score = 1 / (1 + e⁻ˣ) = {1}"],
  "hit.parts.start": ["基准", "base"],
  "hit.parts.sum": ["合计", "sum"],
  "hit.sides": ["双向", "Both ways"],
  "hit.forward": ["专利合于需求", "patent serves demand"],
  "hit.reverse": ["需求合于专利", "demand suits patent"],
  "hit.mutual": ["综合", "mutual"],
  "hit.rating.patent": ["专利评价", "patent's rating"],
  "hit.rating.demand": ["需求方评价", "demand's rating"],
  "hit.rating": ["{0}（{1} 次，按 {2} 计）", "{0} of {1} (counts as {2})"],
  "mutual = 2ab/(a+b), a = forward × patent rating factor, b = reverse × demand rating factor; factor = (mean × count + 3.5 × 5)/(count + 5)/5": ["综合 = 2ab/(a+b)，a = 专利合于需求 × 专利评价系数，b = 需求合于专利 × 需求方评价系数；系数 = (均值 × 次数 + 3.5 × 5)/(次数 + 5)/5", "mutual = 2ab/(a+b), a = forward × patent rating factor, b = reverse × demand rating factor; factor = (mean × count + 3.5 × 5)/(count + 5)/5"],
  "hit.rating.none": ["尚无，按 {0} 计", "none yet (counts as {0})"],
  "hit.lifts": ["抬高与拉低", "What lifts it and pulls it down"],
  "hit.holder": ["给专利权人", "For the holder"],
  "hit.gaps": ["还缺什么", "Still missing"],
  "hit.wording": ["文字说明（模型撰写，逐句有出处）", "In words (by a model, each sentence cited)"],
  "hit.moved": ["列表调整", "Why here"],
  "hit.back": ["反向匹配", "Match the other way"],
  "hit.judge": ["评判这一对", "Judge this pair"],

  "feedback.save": ["收藏", "Save"],
  "feedback.saved": ["已收藏", "Saved"],
  "feedback.reject": ["不合适…", "Not suitable…"],
  "feedback.reason": ["原因", "Reason"],
  "feedback.note": ["说明", "Note"],
  "feedback.send": ["提交", "Send"],
  "feedback.rejected": ["已记录：{0}", "Recorded: {0}"],
  "feedback.unstored": ["粘贴的文字没有存储，无法记录反馈。", "Feedback needs a stored record; this text is not stored."],

  "pool.reached": ["组合满足需求要点的 {0}（全部候选合计可达 {1}），涉及 {2} 个权利人", "The pool serves {0} of what is asked (all candidates together: {1}), with {2} holders"],
  "pool.exact": ["已比较所有组合", "all sets were compared"],
  "pool.greedy": ["贪心选取", "chosen greedily"],
  "pool.none": ["没有能满足任何要点的专利。", "No patent serves any part of it."],
  "pool.element": ["要点", "Asked for"],
  "pool.answer": ["由谁满足", "Served by"],

  "why.id": ["编号", "Id"],
  "why.ask": ["查询", "Ask"],
  "why.remedy": ["怎样才能进入结果", "What would bring it in"],
  "why.conditions": ["不满足的条件", "Conditions it does not meet"],
  "why.required": ["要求 {0}；记录为 {1}", "required: {0}; it has: {1}"],
  "why.behind": ["落后的项", "Where it is behind"],
  "why.behind.leg": ["{0}：{1}，末位为 {2}", "{0}: {1}, the last hit has {2}"],

  "record.patent": ["专利", "Patent"],
  "record.demand": ["需求", "Demand"],
  "record.match.patent": ["找需要它的企业", "Find enterprises that want it"],
  "record.match.demand": ["找合适的专利", "Find patents that serve it"],
  "record.check": ["诊断这条需求", "Check this demand"],
  "record.state": ["检索状态", "Searchability"],
  "record.withdrawn": ["已下架，不在任何结果中", "Withdrawn, in no answer"],
  "record.revision": ["版本", "Revision"],
  "record.older": ["上一版本", "Older"],
  "record.newest": ["最新版本", "Newest"],
  "record.confidential": ["保密", "confidential"],
  "facts.confidential": ["企业名称保密", "name confidential"],
  "record.confidential.lead": ["标有“保密”的字段在双方同意之前不向对方显示。", "The other side does not see fields marked confidential before both consent."],

  "check.title": ["需求诊断", "Demand check"],
  "check.lead": ["边写边看：需求写清了什么，还缺什么。内容不会存储。", "See while you write what a demand says and what it lacks. Nothing is stored."],
  "check.name": ["名称", "Title"],
  "check.text": ["需求内容", "Text"],
  "check.stored": ["库中需求 {0} 的内容", "The text of the stored demand {0}"],
  "check.grade": ["完整度", "Completeness"],
  "check.grade.A": ["完整", "complete"],
  "check.grade.B": ["较完整", "rather complete"],
  "check.grade.C": ["不够完整", "incomplete"],
  "check.grade.D": ["无法匹配", "too little to match"],
  "check.missing": ["还缺", "Missing"],
  "check.flags": ["疑似无效内容", "Looks like junk"],
  "check.suggestions": ["建议补充", "Suggestions"],
  "check.found": ["识别出的要点", "What it names"],
  "check.quantities": ["指标", "Figures"],
  "check.required": ["要求", "required"],
  "check.today": ["现状", "as it is today"],
  "check.go": ["用它匹配", "Match it"],
  "check.key": ["下划线为要点，底色为指标。", "Underlined: what it names. Shaded: figures."],
  "check.empty": ["写下需求，诊断会显示在这里。", "Write a demand, and the check appears here."],

  "judge.title": ["评判", "Judge"],
  "judge.lead": ["按“最值得评判”的顺序逐对评判，结果用于改进排序。为免先入为主，不显示模型的得分。", "The pairs whose judgement would tell most, one after the other. The model's score is not shown, so that it does not sway you."],
  "judge.rater": ["评判人", "Your name"],
  "judge.sector": ["产业（可不填）", "Sector (optional)"],
  "judge.begin": ["取一批", "Get pairs"],
  "judge.needrater": ["请先填写评判人。", "Enter your name first."],
  "judge.at": ["第 {0} 对，共 {1} 对", "Pair {0} of {1}"],
  "judge.question": ["这件专利能在多大程度上满足这条需求？", "How well does this patent serve this demand?"],
  "judge.note": ["理由（可不填）", "Reason (optional)"],
  "judge.keys": ["按键 1～4 评级，S 跳过，U 回到上一对", "Keys 1 to 4 judge, S skips, U goes back"],
  "judge.skip": ["跳过", "Skip"],
  "judge.back": ["上一对", "Back"],
  "judge.saved": ["已保存：{0}", "Saved: {0}"],
  "judge.done": ["这一批已评完，本次共保存 {0} 条。", "This batch is done; {0} saved in this visit."],
  "judge.none": ["没有需要评判的配对。", "There is no pair to judge."],
  "judge.worth": ["为何推荐这一对（会透露模型的判断）", "Why this pair (tells what the model thinks)"],

  "overview.title": ["概览", "Overview"],
  "overview.lead": ["目录、模型与试点的状况；只读。", "How the catalog, the models and the pilots are doing; read only."],
  "overview.records": ["记录", "Records"],
  "overview.stored": ["在库", "Stored"],
  "overview.searchable": ["可检索", "Searchable"],
  "overview.pending": ["待处理写入", "Writes to follow"],
  "overview.failed": ["失败", "Failed"],
  "overview.embed_pending": ["待向量化", "Await embedder"],
  "overview.unsearchable": ["不可检索的记录", "Records that cannot be found"],
  "overview.unsearchable.none": ["没有不可检索的记录。", "All records can be found."],
  "overview.unsearchable.more": ["仅列出前 {0} 条。", "The first {0} alone are listed."],
  "overview.attempts": ["已试 {0} 次", "tried {0} times"],
  "overview.retry": ["下次重试 {0}", "next try {0}"],
  "overview.never": ["不再重试", "not tried again"],
  "overview.models": ["模型", "Models"],
  "overview.model": ["编号", "Id"],
  "overview.kind": ["类型", "Kind"],
  "overview.aliases": ["别名", "Aliases"],
  "overview.live": ["在用", "Live"],
  "overview.live.pilot": ["试点中", "in a pilot"],
  "overview.labels": ["训练标注", "Labels"],
  "overview.changes": ["最近的模型变更", "Latest changes of models"],
  "overview.changes.none": ["没有变更记录。", "Nothing has changed yet."],
  "overview.reembedding": ["向量模型更换", "Change of embedder"],
  "overview.reembedding.going": ["{0} → {1}，已完成 {2} / {3}", "{0} → {1}, {2} of {3} done"],
  "overview.reembedding.paused": ["已暂停", "paused"],
  "overview.pilots": ["试点", "Pilots"],
  "overview.pilots.none": ["没有进行中的试点。", "No pilot is running."],
  "overview.pilot": ["{0}：{1}，占 {2}，自 {3} 起", "{0}: {1}, share {2}, since {3}"],
  "overview.verdict": ["结论", "Verdict"],
  "overview.version": ["程序版本 {0}", "Program version {0}"],

  "field.number": ["编号", "Number"],
  "field.id": ["编号", "Id"],
  "field.title": ["名称", "Title"],
  "field.abstract": ["摘要", "Abstract"],
  "field.claims": ["权利要求", "Claims"],
  "field.text": ["内容", "Text"],
  "field.applicants": ["申请人 / 专利权人", "Applicants"],
  "field.region": ["地区", "Region"],
  "field.ipc": ["IPC 分类", "IPC"],
  "field.sector": ["产业", "Sector"],
  "field.filing_date": ["申请日", "Filed"],
  "field.publication_date": ["公开日", "Published"],
  "field.grant_date": ["授权日", "Granted"],
  "field.expiry_date": ["届满日", "Expires"],
  "field.legal_status": ["法律状态", "Legal status"],
  "field.family": ["同族", "Family"],
  "field.transfer_modes": ["转化方式", "Ways of transfer"],
  "field.fee": ["费用", "Fee"],
  "field.tier": ["分级分类", "Tier"],
  "field.pools": ["专利池", "Patent pools"],
  "field.readiness": ["技术成熟度", "Readiness level"],
  "field.self_rating": ["自评", "Holder's own rating"],
  "field.rating": ["评价", "Rating"],
  "field.rating.value": ["{0}（{1} 次）", "{0} ({1} ratings)"],
  "field.enterprise": ["企业", "Enterprise"],
  "field.enterprise.name": ["企业名称", "Enterprise"],
  "field.enterprise.region": ["企业地区", "Enterprise's region"],
  "field.enterprise.industry": ["企业行业", "Industry"],
  "field.enterprise.kind": ["企业类型", "Kind of enterprise"],
  "field.budget": ["预算", "Budget"],
  "field.deadline": ["截止日", "Deadline"],
  "field.state": ["状态", "State"],
  "field.standing": ["长期需求", "Standing demand"],
  "field.attributes": ["其他属性", "Attributes"],
  "field.visibility": ["可见范围", "Visibility"],
  "field.create_time": ["创建", "Created"],
  "field.update_time": ["更新", "Updated"],

  "title": ["标题相似度", "title similarity"],
  "text": ["全文相似度", "text similarity"],
  "coverage": ["需求用语覆盖率", "wording covered"],
  "lexical": ["词语检索", "word search"],
  "title-words": ["专利标题用词呼应", "patent title's words"],
  "asked-words": ["需求标题用词呼应", "demand title's words"],
  "passages": ["最接近的三句", "nearest three sentences"],
  "rerank": ["大模型重排", "re-ranking"],

  "RECORD_KIND_PATENT": ["专利", "patents"],
  "RECORD_KIND_DEMAND": ["需求", "demands"],
  "LEVEL_NONE": ["无关", "none"],
  "LEVEL_WEAK": ["弱", "weak"],
  "LEVEL_RATHER_STRONG": ["较强", "rather strong"],
  "LEVEL_STRONG": ["强", "strong"],
  "LEVEL_NONE.means": ["对需求没有用处", "Of no use for the demand"],
  "LEVEL_WEAK.means": ["同一领域，有一点用", "The same field, a piece of use"],
  "LEVEL_RATHER_STRONG.means": ["解决主要问题，尚有差距", "Serves the main point, a gap remains"],
  "LEVEL_STRONG.means": ["照此即可满足，或几乎如此", "Serves the demand as it is, or nearly"],
  "VERDICT_COVERED": ["满足", "covered"],
  "VERDICT_PARTLY": ["部分满足", "partly"],
  "VERDICT_CONTRADICTED": ["不符", "contradicted"],
  "VERDICT_MISSING": ["未提及", "missing"],
  "ELEMENT_KIND_MATERIAL": ["材料", "material"],
  "ELEMENT_KIND_METHOD": ["方法", "method"],
  "ELEMENT_KIND_EFFICACY": ["功效", "efficacy"],
  "ELEMENT_KIND_PRODUCT": ["产品", "product"],
  "ELEMENT_KIND_APPLICATION": ["应用", "application"],
  "ELEMENT_KIND_QUANTITY": ["指标", "figure"],
  "LEGAL_STATUS_PENDING": ["审查中", "pending"],
  "LEGAL_STATUS_GRANTED": ["有效", "granted"],
  "LEGAL_STATUS_LAPSED": ["终止", "lapsed"],
  "LEGAL_STATUS_EXPIRED": ["届满", "expired"],
  "LEGAL_STATUS_REVOKED": ["宣告无效", "revoked"],
  "LEGAL_STATUS_REJECTED": ["驳回", "rejected"],
  "LEGAL_STATUS_WITHDRAWN": ["撤回", "withdrawn"],
  "TRANSFER_MODE_ASSIGNMENT": ["转让", "assignment"],
  "TRANSFER_MODE_LICENCE": ["许可", "licence"],
  "TRANSFER_MODE_OPEN_LICENCE": ["开放许可", "open licence"],
  "TRANSFER_MODE_USE_FIRST_PAY_LATER": ["先使用后付费", "use first, pay later"],
  "TRANSFER_MODE_EQUITY": ["作价入股", "equity"],
  "TRANSFER_MODE_JOINT_DEVELOPMENT": ["合作开发", "joint development"],
  "APPLICANT_KIND_UNIVERSITY": ["高校", "university"],
  "APPLICANT_KIND_INSTITUTE": ["科研院所", "institute"],
  "APPLICANT_KIND_HOSPITAL": ["医院", "hospital"],
  "APPLICANT_KIND_ENTERPRISE": ["企业", "enterprise"],
  "APPLICANT_KIND_PERSON": ["个人", "person"],
  "ENTERPRISE_KIND_LARGE": ["大型企业", "large enterprise"],
  "ENTERPRISE_KIND_SME": ["中小企业", "SME"],
  "ENTERPRISE_KIND_HIGH_TECH": ["高新技术企业", "high-tech enterprise"],
  "ENTERPRISE_KIND_HIGH_GROWTH_SME": ["高成长性中小企业", "high-growth SME"],
  "ENTERPRISE_KIND_INNOVATIVE_SME": ["创新型中小企业", "innovative SME"],
  "ENTERPRISE_KIND_SPECIALISED_SME": ["专精特新", "specialised SME"],
  "ENTERPRISE_KIND_LITTLE_GIANT": ["专精特新小巨人", "little giant"],
  "DEMAND_STATE_OPEN": ["开放", "open"],
  "DEMAND_STATE_PAUSED": ["暂停", "paused"],
  "DEMAND_STATE_CLOSED": ["关闭", "closed"],
  "VISIBILITY_PUBLIC": ["公开", "public"],
  "VISIBILITY_TENANT": ["本机构", "own tenant"],
  "VISIBILITY_PRIVATE": ["不公开", "private"],
  "RECORD_STATE_ACCEPTED": ["已落盘，尚不可检索", "on disk, not searchable yet"],
  "RECORD_STATE_EMBEDDED": ["已向量化，尚不可检索", "embedded, not searchable yet"],
  "RECORD_STATE_INDEXED": ["可检索", "searchable"],
  "RECORD_STATE_FAILED": ["失败，不可检索", "failed, not searchable"],
  "RECORD_STATE_EMBED_PENDING": ["可按词检索，待向量化", "found by words, awaits the embedder"],
  "QUANTITY_COMPARISON_AT_LEAST": ["≥", "≥"],
  "QUANTITY_COMPARISON_ABOVE": [">", ">"],
  "QUANTITY_COMPARISON_AT_MOST": ["≤", "≤"],
  "QUANTITY_COMPARISON_BELOW": ["<", "<"],
  "QUANTITY_COMPARISON_ABOUT": ["≈", "≈"],
  "QUANTITY_COMPARISON_EQUAL": ["", ""],
  "QUANTITY_COMPARISON_RANGE": ["", ""],
  "QUANTITY_COMPARISON_TOLERANCE": ["±", "±"],
  "INTAKE_FLAG_EMPTY": ["没有文字", "empty"],
  "INTAKE_FLAG_NOT_PROVIDED": ["只写了“无”“未提供”之类", "says that nothing is said"],
  "INTAKE_FLAG_BOILERPLATE": ["全是套话", "phrases that fit any demand"],
  "INTAKE_FLAG_TOO_SHORT": ["太短", "too short"],
  "INTAKE_FLAG_REPEATED": ["内容重复", "repeats itself"],
  "INTAKE_FLAG_CONTACT_ONLY": ["几乎只有联系方式", "contact details alone"],
  "INTAKE_FLAG_NO_TEXT": ["只有名称，没有内容", "a title without a text"],
  "REJECTION_REASON_WRONG_FIELD": ["领域不符", "another field"],
  "REJECTION_REASON_WRONG_PROBLEM": ["问题不符", "another problem"],
  "REJECTION_REASON_INSUFFICIENT_PERFORMANCE": ["指标不足", "figures fall short"],
  "REJECTION_REASON_NOT_MATURE": ["不成熟", "not mature"],
  "REJECTION_REASON_PRICE": ["价格过高", "price"],
  "REJECTION_REASON_TRANSFER_MODE": ["转化方式不符", "way of transfer"],
  "REJECTION_REASON_LEGAL_STATUS": ["权利存疑", "legal status"],
  "REJECTION_REASON_REGION": ["地区不符", "region"],
  "REJECTION_REASON_ALREADY_KNOWN": ["已知", "known or in use"],
  "REJECTION_REASON_NO_ANSWER": ["未回应", "no answer"],
  "REJECTION_REASON_NEED_GONE": ["不再需要", "the need is gone"],
  "REJECTION_REASON_OTHER": ["其他（请说明）", "other (say what)"],
  "MODEL_KIND_EMBEDDER": ["向量模型", "embedder"],
  "MODEL_KIND_RANKER": ["排序模型", "ranker"],
  "PILOT_MODE_SHADOW": ["影子", "shadow"],
  "PILOT_MODE_AB": ["A/B", "A/B"],
  "PILOT_MODE_INTERLEAVE": ["交错", "interleaved"],
  "ship": ["采用", "ship"],
  "stop": ["停止", "stop"],
  "go on": ["继续", "go on"],
  "promote": ["上线", "promoted"],
  "rollback": ["回退", "rolled back"],
  "pilot": ["试点", "pilot"],
  "pilot end": ["试点结束", "pilot ended"],
  "WHY_NOT_STAGE_IN_ANSWER": ["在结果中", "It is in the answer"],
  "WHY_NOT_STAGE_UNKNOWN": ["没有这条记录", "There is no such record"],
  "WHY_NOT_STAGE_WITHDRAWN": ["已下架", "Withdrawn"],
  "WHY_NOT_STAGE_HIDDEN": ["不公开", "Private"],
  "WHY_NOT_STAGE_FILTERED": ["不满足筛选条件", "It does not meet the filter"],
  "WHY_NOT_STAGE_UNAVAILABLE": ["已失效或已关闭", "Not to be had any more"],
  "WHY_NOT_STAGE_NOT_SEARCHABLE": ["尚不可检索", "Not searchable yet"],
  "WHY_NOT_STAGE_NOT_NOMINATED": ["检索未召回", "Not nominated"],
  "WHY_NOT_STAGE_FIRST_PASS": ["初选落选", "Lost in the first pass"],
  "WHY_NOT_STAGE_BELOW_PAGE": ["排在本页之后", "Ranked below the page"],
};

// named lists the values of an enum that there are words of, by the beginning of their names.
export const named = (prefix) => Object.keys(words).filter((k) => k.startsWith(prefix) && !k.includes("."));
