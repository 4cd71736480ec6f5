package vocabulary

import "testing"

func TestIndustriesByCodeAndName(t *testing.T) {
	for in, want := range map[string]string{
		"C": "C", "c3841": "C3841", "C13": "C13", "C43": "C43", "A01": "A01", "S96": "S96", "T97": "T97", "R869": "R869", "制造业": "C", "Ｃ38": "C38",
		"计算机、通信和其他电子设备制造业": "C39", "农业": "A01", "房地产业": "K", "教育": "P", "批发业": "F51", "基层群众自治组织及其他组织": "S96", "c3841 电池制造": "C3841",
	} {
		if got, ok := Industry(in); !ok || got != want {
			t.Errorf("%s is %q (%v), want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "X1", "C9999", "C12", "C44", "A00", "A06", "T98", "C1", "3841", "T恤制造", "C9999电池", "电子设备"} {
		if got, ok := Industry(in); ok {
			t.Errorf("%s is %s", in, got)
		}
	}
}

func TestThereAreNinetySevenDivisions(t *testing.T) {
	if len(industryDivisions) != 97 || industryDivisions[38] != "计算机通信和其他电子设备制造业" {
		t.Errorf("%d divisions, of which 39 is %s", len(industryDivisions), industryDivisions[38])
	}
}
