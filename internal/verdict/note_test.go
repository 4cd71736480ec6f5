package verdict

import "testing"

func TestUnitsInEnglish(t *testing.T) {
	for unit, want := range map[string]string{"元/kg": "CNY/kg", "元": "CNY", "年": "years", "元/年": "CNY/year", "kg/亩": "kg/mu", "mg/L": "mg/L", "台/个月": "units/month", "": ""} {
		if got := inEnglish(unit); got != want {
			t.Errorf("%s: %s, want %s", unit, got, want)
		}
	}
}
