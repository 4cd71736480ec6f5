package quantity_test

import (
	"fmt"

	"github.com/duijie/duijie/internal/quantity"
)

func ExampleParse() {
	for _, q := range quantity.Parse("抗冲击韧性≥67%，成本不超过3.5万元/吨，能耗降低15%以上") {
		fmt.Println(q.Property, q.Comparison, q.Low, q.Unit.Symbol)
	}
	// Output:
	// 抗冲击韧性 ge 67 %
	// 成本 le 35000 元/t
	// 能耗 ge 15 %
}

func ExampleCompare() {
	want := quantity.Parse("厚度不大于2毫米")[0]
	for _, offer := range []string{"厚度0.1cm", "厚度3mm", "厚度1-3mm", "重量3kg"} {
		fmt.Println(offer, quantity.Compare(want, quantity.Parse(offer)[0]))
	}
	// Output:
	// 厚度0.1cm met
	// 厚度3mm unmet
	// 厚度1-3mm partly
	// 重量3kg unknown
}
