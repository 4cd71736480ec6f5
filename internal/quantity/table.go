package quantity

import (
	"strconv"
	"strings"
)

// unitTable has a unit a line: its names apart by | (_ is a blank), the factor to the
// base unit, the dimension, and what addLine says of flags. The first of two entries
// for one name counts.
const unitTable = `
# Ratios
% 0.01 1 small
%|percent|per_cent|个百分点|百分点|pct 0.01 1 small
‰ 0.001 1 small
ppm|PPM|PPm|Ppm 1e-6 1
ppb|PPB 1e-9 1
wt%|wt.%|%wt|质量% 0.01 1
vol%|vol.%|%vol|%VOL|%(v/v)|%(V/V)|体积% 0.01 1
mol%|at% 0.01 1
%RH|%rh 0.01 1 kind=RH
倍|times|fold 1 1 kind=倍 small
με|微应变|microstrain 1e-6 1
成 0.1 1 small
# Length, area, volume
m|米|公尺|metres|metre|meters|meter 1 L prefix=pnμmcdk 前=纳微毫厘分千 raise product small
mm|MM|Mm|㎜|公厘 1e-3 L raise product
cm|CM|Cm|㎝|公分 1e-2 L raise product
km|KM|Km|㎞|公里 1000 L raise product small
μm|μ|㎛|um|UM|微米|microns|micron 1e-6 L raise product
nm|㎚|NM 1e-9 L raise
丝 1e-5 L digits
in|英寸|inch|inches|吋|寸 0.0254 L digits raise
ft|英尺|feet 0.3048 L digits raise
海里 1852 L
Å|埃 1e-10 L digits
m²|㎡|平方米|平米|平方公尺|M2|M²|square_metres|square_meters|square_metre|square_meter|sqm|sq_m 1 L2 small product
mm²|平方毫米|MM2 1e-6 L2 product
平方|平 1 L2 digits
cm²|平方厘米|CM2|㎠ 1e-4 L2 product
dm²|平方分米 1e-2 L2 product
km²|平方公里|平方千米|㎢ 1e6 L2 product
亩 666.6666666666666 L2 small
ha|公顷|hectares 1e4 L2
m³|㎥|立方米|立方|M3|M³|Nm3|Nm³|NM3|Nm^3|标准立方米|标方|cubic_metres|cubic_meters|cubic_metre|cubic_meter|normal_cubic_metres|normal_cubic_metre 1 L3 product
方 1 L3 digits
mm³|立方毫米 1e-9 L3 product
cm³|立方厘米|cc 1e-6 L3 product
dm³|立方分米 1e-3 L3 product
L|l|升|公升|litres|litre|liters|liter 0.001 L3 prefix=nμmcdh 前=微毫厘分 product small
mL|ML 1e-6 L3
gal|加仑 0.003785411784 L3
# Mass
kg|KG|Kg|千克|公斤|㎏|kilograms|kilogram|kgs 1 M raise product small
g|克|grams|gram 0.001 M prefix=pnμmk 前=皮纳微毫千 raise product small
mg|MG|㎎ 1e-6 M
斤|市斤 0.5 M digits
t|吨|公吨|tonnes|tonne|tons|ton 1000 M prefix=k product small
gsm 0.001 L-2.M
Da|道尔顿|daltons|dalton|Daltons|Dalton 1.6605390666e-27 M prefix=kM 前=千
# Time
s|秒|秒钟|妙|sec|secs|seconds|second 1 T prefix=pnμmk 前=皮纳微毫 raise product small
min|分钟|分种|mins|minutes|minute|Min|MIN 60 T raise product small
分 60 T under product
h|小时|个小时|钟头|个钟头|hours|hour|hrs|hr|H 3600 T raise product small
时 3600 T under product
d|天|昼夜|days|day 86400 T raise product small
日 86400 T under product
周|星期|个星期|礼拜|个礼拜|weeks|week 604800 T small
个月|months|month 2629800 T small
月 2629800 T under
年|years|year|yr|周年|年度 31557600 T small
a|y 31557600 T under
工作日|个工作日|working_days|working_day 86400 T
班 28800 T kind=班
# Speed
kn|knots|knot|节 0.5144444444444445 L.T-1 digits
# Frequency, turns
Hz|赫兹|赫|HZ|hz 1 T-1 prefix=mkMGT 前=千兆吉 raise product
kHz|khz|KHz|KHZ 1e3 T-1
MHz|mhz|MHZ 1e6 T-1
GHz|ghz|GHZ 1e9 T-1
r|转|rev|圈 1 1 kind=r product digits
r/min|rpm|RPM|Rpm|转每分钟|转每分 0.016666666666666666 T-1 kind=r
# Force, pressure, energy, power
N|牛顿|牛|newtons 1 L.M.T-2 prefix=μmckM 前=千兆毫 raise product digits
Nm|N.m|N·m|牛米 1 L2.M.T-2 prefix=mk
kgf|公斤力 9.80665 L.M.T-2
Pa|帕斯卡|帕|pa|PA 1 L-1.M.T-2 prefix=μhkMG 前=千兆吉百毫 raise product
mPa 1e-3 L-1.M.T-2 raise product
MPa|Mpa|mpa|MPA|mPA 1e6 L-1.M.T-2 product
kPa|kpa|KPa|Kpa|KPA 1e3 L-1.M.T-2
GPa|Gpa|GPA|gpa 1e9 L-1.M.T-2
bar|Bar|巴 1e5 L-1.M.T-2 prefix=mk digits
atm|大气压|个大气压 101325 L-1.M.T-2
mmHg|毫米汞柱 133.322387415 L-1.M.T-2
psi|PSI 6894.757293168 L-1.M.T-2
kgf/cm²|kgf/cm2|公斤/cm²|公斤/cm2|公斤/平方厘米|公斤压力 98066.5 L-1.M.T-2
J|焦耳|焦 1 L2.M.T-2 prefix=nμmkMG 前=千兆毫 product digits
eV|电子伏特 1.602176634e-19 L2.M.T-2 prefix=mkMG
cal|卡路里 4.184 L2.M.T-2 prefix=k
kcal|大卡|千卡|Kcal 4184 L2.M.T-2
Wh|瓦时 3600 L2.M.T-2 prefix=mkMGT 前=千兆
kWh|度电|kwh|KWH|KWh|千瓦时|千瓦小时|kW·h|KW·h|kw·h 3.6e6 L2.M.T-2
W|瓦特|瓦|w 1 L2.M.T-3 prefix=nμmkMG 前=千兆吉毫微 product
kW|KW|kw|Kw 1e3 L2.M.T-3 product
hp|马力|HP 735.49875 L2.M.T-3
VA 1 L2.M.T-3 kind=VA prefix=kM
var 1 L2.M.T-3 kind=var prefix=kM
Pa·s|Pa.s|pa·s|Pas 1 L-1.M.T-1 prefix=mk
mPa·s|mPa.s|mpa.s|mpa·s|mPas|毫帕秒|毫帕·秒|cP|cp|cps|厘泊 1e-3 L-1.M.T-1
cSt 1e-6 L2.T-1
MPa·m^(1/2)|MPa·m1/2|MPa_m1/2|MPa·m^1/2|MPa·m^0.5|MPa·m½|MPa√m|MPa·√m|MPa.m1/2 1e6 L-1.M.T-2 kind=√m
# Electricity, magnetism
A|安培|安 1 I prefix=pnμmk 前=毫微千 product digits
Ah|安时 3600 I.T prefix=m 前=毫
V|伏特|伏|v 1 L2.M.T-3.I-1 prefix=nμmkM 前=千毫微 product
kV|KV|kv|Kv 1e3 L2.M.T-3.I-1 product
Ω|欧姆|欧|Ω|ohms|ohm 1 L2.M.T-3.I-2 prefix=mμkMGT 前=千兆毫 product
μΩ·m|microohm_metres|microohm_metre|microohm_meter 1e-6 L3.M.T-3.I-2
S/m 1 L-3.M-1.T3.I2 prefix=mk
S/cm 100 L-3.M-1.T3.I2 prefix=mμ
法拉 1 L-2.M-1.T4.I2
μF|uF|微法 1e-6 L-2.M-1.T4.I2
nF|nf 1e-9 L-2.M-1.T4.I2
pF|pf|皮法 1e-12 L-2.M-1.T4.I2
mH|毫亨 1e-3 L2.M.T-2.I-2
μH|uH|微亨 1e-6 L2.M.T-2.I-2
T|特斯拉 1 M.T-2.I-1 prefix=mμ digits
Gs|高斯 1e-4 M.T-2.I-1 prefix=k 前=千
kGs|kG|KGs 0.1 M.T-2.I-1
Oe|奥斯特 79.57747154594767 L-1.I prefix=k
# Temperature
℃|°C|度C|ºC|摄氏度|°c|oC|˚C|deg_C|degrees_C|degree_C|degrees_Celsius|Celsius 1 K offset=273.15 product
K|开尔文|开氏度 1 K raise product digits
k 1 K under product
°F|华氏度|℉ 0.5555555555555556 K offset=255.3722222222222
# Amount, light, sound, radiation
mol|摩尔|moles 1 N prefix=nμmk 前=毫微千 raise product
cd|坎德拉 1 J prefix=m product
lm|流明 1 J kind=lm prefix=k
lx|lux|勒克斯|Lux|LUX 1 L-2.J kind=lm prefix=k
nit|nits|尼特 1 L-2.J
dB|分贝|dB(A)|dBA|db|DB|dB(a)|db(A) 1 1 kind=dB
dBm 1 1 kind=dBm
dBi 1 1 kind=dBi
Gy|戈瑞 1 L2.T-2 prefix=mμk
Sv 1 L2.T-2 kind=Sv prefix=mμ
Bq 1 T-1 kind=Bq prefix=kMG
# Information
bit|比特|bits 1 B kind=bit
byte|字节|bytes 8 B kind=bit
kB|KB 8e3 B kind=bit
MB|兆字节 8e6 B kind=bit
GB 8e9 B kind=bit
TB 8e12 B kind=bit
PB 8e15 B kind=bit
bps|bit/s 1 B.T-1 kind=bit
kbps|Kbps|kb/s 1e3 B.T-1 kind=bit
Mbps|Mb/s|mbps 1e6 B.T-1 kind=bit
Gbps|Gb/s 1e9 B.T-1 kind=bit
fps|FPS 1 T-1 kind=帧
# Angles
°|deg|degrees|degree 0.017453292519943295 1 kind=°
度 0.017453292519943295 1 kind=° digits
rad|弧度 1 1 kind=° prefix=m
′|角分|arcmin 0.0002908882086657216 1 kind=°
″|角秒|arcsec 4.84813681109536e-06 1 kind=°
# Scales
数量级|个数量级|个对数|个对数值|log|logs 1 1 kind=log
HRC|HRc|hrc 1 1 kind=HRC
HRB 1 1 kind=HRB
HRA 1 1 kind=HRA
HBW|HB|HBS 1 1 kind=HB
HV|Hv 1 1 kind=HV
HS 1 1 kind=HS
HA|Shore_A|shore_A 1 1 kind=HA
HD|Shore_D|shore_D 1 1 kind=HD
Hazen|黑曾 1 1 kind=Hazen
IU 1 1 kind=IU
U 1 1 kind=U prefix=mk digits
EU 1 1 kind=EU
mgKOH/g|mg_KOH/g 1 1 kind=KOH
CFU|cfu 1 1 kind=CFU
MPN 1 1 kind=MPN
Rayl|Rayls 1 L-2.M.T-1 prefix=kM
NTU 1 1 kind=NTU
pH 1 1 kind=pH
级|grade 1 1 kind=级 digits
目|mesh 1 1 kind=目 digits
岁 1 1 kind=岁
像素|pixels|px 1 1 kind=像素
# Money
元|元人民币|人民币|块钱|RMB|CNY|yuan 1 1 kind=元 digits
毛钱|角钱 0.1 1 kind=元
分钱 0.01 1 kind=元
美元|美金|USD|dollars 1 1 kind=美元
欧元|EUR|euros 1 1 kind=欧元
日元|JPY 1 1 kind=日元
港元|港币|HKD 1 1 kind=港元
`

// countingWords count things; each is a unit of its own.
const countingWords = `个 只 台 套 件 条 把 根 支 块 片 张 辆 艘 架 座 栋 间 家 人 户 项 种 次 批 株 棵 头 羽 尾
粒 颗 枚 拷贝 瓶 袋 包 箱 盒 桶 罐 卷 层 道 组 对 轮 帧 标准箱 包次 人次 台套 台/套 架次 例 吨位 批次 亩次 门 幅 份 炉 盘 扇 孔`

// sameCounts are other names of counting words: those of speech and those of English
// texts, which count acts, people and things by their own nouns.
var sameCounts = map[string]string{
	"次": "回 遍 cycles cycle lifts rubs washes washings strokes openings closures insertions flexes bends starts shots uses",
	"人": "名 people persons men women workers operators",
	"件": "pieces parts items", "条": "lines records messages", "台": "units machines",
	"套": "sets", "张": "sheets", "孔": "holes", "拷贝": "copies",
}

const letters = "LMTIKNJB"

// dimension reads L2.M.T-3; 1 is none. The order of letters is metre, kilogram,
// second, ampere, kelvin, mole, candela, bit.
func dimension(s string) (d [8]int8) {
	if s == "1" {
		return d
	}
	for _, part := range strings.Split(s, ".") {
		exp := 1.0
		if part[1:] != "" {
			exp = number(part[1:])
		}
		d[strings.IndexByte(letters, part[0])] = int8(exp)
	}
	return d
}

// number reads a number of the table.
func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("quantity: the table of units has " + strconv.Quote(s))
	}
	return v
}
