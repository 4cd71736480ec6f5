package verdict

import "strings"

// families are properties by their several names, one family a line: names that share few
// characters mean the same figure. The sign tells whether more (+) or less (-) of it is
// better, or neither.
var families = familiesOf(`
- 检测限 检出限 检出浓度 最低检出 灵敏度 lod limit_of_detection detection_limit sensitivity
- 变异系数 变异 cv 重复性 repeatability
- 功耗 耗电 电耗 能耗 耗能 power_consumption energy_consumption
+ 寿命 年限 使用期 用满 运行时间 连续运行 service_life lifetime ran_for
+ 保质期 货架期 保存 贮存 存放 放置 shelf_life storage
+ 循环 次数 cycles cycle
- 成本 费用 造价 价格 售价 药剂费 cost price
- 重量 自重 整机质量 整重 重 weight mass
+ 车速 速度 速率 线速 speed rate
= 厚度 厚 板厚 壁厚 thickness
= 高度 净高 高 height
= 长度 长 length
= 宽度 幅宽 宽 width
= 直径 粒径 粒度 孔径 diameter particle_size
= 硬度 hardness
= 密度 density
+ 抗压 压缩强度 compressive
+ 抗拉 拉伸强度 tensile
+ 抗弯 弯曲强度 抗折 flexural bending
+ 剪切 粘接强度 胶合强度 剥离 附着力 粘结 shear adhesion peel
+ 韧性 冲击 toughness impact
+ 延伸率 伸长率 断裂伸长 elongation
= 导热 热导率 thermal_conductivity
- 热阻 thermal_resistance
= 导电 电导率 电阻率 电阻 conductivity resistivity
- 误差 偏差 精度 准确度 error deviation accuracy mard
- 均匀性 一致性 总厚度变化 翘曲 平整度 ttv warpage
- 漏检 漏验 漏报 漏判 miss_rate missed
- 误报 误检 误判 虚警 假报警 false_alarm false_positive
+ 准确率 正确率 识别率 检出率 成功率 recognition success
- 时间 耗时 用时 时长 周期 分钟出 全程 time turnaround duration
- 时延 延时 延迟 响应 滞后 latency delay response
+ 效率 efficiency
+ 收率 回收率 得率 产率 yield recovery
+ 去除率 脱除率 脱硝率 removal
+ 转化率 conversion
+ 选择性 selectivity
= 含水率 水分 含水量 湿度 moisture humidity
- 吸水率 吸水 water_absorption
+ 产量 产能 处理量 处理能力 通量 capacity throughput
- 噪声 噪音 分贝 noise
= 温度 温 temperature
= 压力 气压 压强 pressure
= 浓度 含量 concentration content
- 驻波 vswr
+ 隔离 isolation
- 衰减 损耗 插损 loss attenuation
+ 增益 gain
= 频率 频段 带宽 frequency band bandwidth
- 残留 残余 残留量 residue residual
= 粘度 黏度 viscosity
- 孔隙 孔隙率 空洞率 porosity void
- 磨损 磨耗 wear
= 摩擦系数 friction
- 腐蚀 降解速率 腐蚀速度 corrosion degradation
+ 流动度 坍落度 flow
= 膨胀 收缩 expansion shrinkage
- 占地 面积 footprint area
= 体积 容积 volume
- 排水 废水 污水 外排 waste_water
- 污泥 sludge
+ 合格率 良率 成品率 pass_rate
= 存活率 成活率 发病率 死亡率 survival mortality
+ 距离 半径 范围 distance range
= 电流 current
= 电压 voltage
= 功率 动力 power
+ 容量 电量 续航 容量保持率 retention
+ 帧率 帧 frame_rate frames
+ 覆盖 通信距离 coverage
- 间距 节距 线宽 切缝 切割道 pitch kerf
- 平面度 粗糙度 圆度 椭圆 崩边 变形 偏斜 下垂 翘起 flatness roughness
- 工期 节拍 交期 换型 调机 cycle_time
+ 耐温 耐油温 耐热 耐压 抗渗 耐受 resistance_to
`)

// family is a set of names with the number of its property.
type family struct {
	names      lexicon
	number     map[string]int
	more, less [2]uint64 // those of which more is better, and less
}

func familiesOf(table string) *family {
	f := &family{number: map[string]int{}}
	var all []string
	for n, line := range strings.Split(strings.TrimSpace(table), "\n") {
		names := strings.Fields(line)
		switch names[0] {
		case "+":
			f.more[n/64] |= 1 << (n % 64)
		case "-":
			f.less[n/64] |= 1 << (n % 64)
		}
		for _, name := range names[1:] {
			f.number[strings.ReplaceAll(name, "_", " ")] = n
			all = append(all, name)
		}
	}
	f.names = words(strings.Join(all, " "))
	return f
}

// of gives the families of folded text as a set of bits; longer names go before shorter.
func (f *family) of(folded []rune) (out [2]uint64) {
	for i := 0; i < len(folded); {
		n := f.names.at(folded, i)
		if n == 0 {
			i++
			continue
		}
		number := f.number[string(folded[i:i+n])]
		out[number/64] |= 1 << (number % 64)
		i += n
	}
	return out
}

// direction is 1 where more is better of a set of families, −1 where less is, and 0 where
// that is not known.
func (f *family) direction(of [2]uint64) int {
	out := 0
	if of[0]&f.more[0]|of[1]&f.more[1] != 0 {
		out++
	}
	if of[0]&f.less[0]|of[1]&f.less[1] != 0 {
		out--
	}
	return out
}

// kinship is 1 where two texts name a property of one family, −1 where both name some
// and none in common, else 0.
func kinship(a, b [2]uint64) float64 {
	switch {
	case a[0]&b[0]|a[1]&b[1] != 0:
		return 1
	case a[0]|a[1] != 0 && b[0]|b[1] != 0:
		return -1
	}
	return 0
}
