package vocabulary_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

func TestAFilterIsReadInChineseAndEnglish(t *testing.T) {
	got := vocabulary.Filter(match.Filter{
		Regions:         []string{"浙江", "Zhejiang", "440300", "深圳市", "佛山市南海区", "火星"},
		Industries:      []string{"制造业", "c38", "什么业"},
		ApplicantKinds:  []match.ApplicantKind{"高校", "Institute"},
		LegalStatuses:   []match.LegalStatus{"有效", "GRANTED"},
		TransferModes:   []match.TransferMode{"开放许可", "open licence", "TRANSFER_MODE_EQUITY", "送", "unspecified"},
		EnterpriseKinds: []match.EnterpriseKind{"专精特新"},
		DemandStates:    []match.DemandState{"征集中"},
		FilingDate:      match.DateRange{From: "2024/1/2", To: "２０２４年3月4日"},
		Deadline:        match.DateRange{To: "soon"},
	})
	want := match.Filter{
		Regions:         []string{"33", "33", "440300", "4403", "4406", "火星"},
		Industries:      []string{"C", "C38", "什么业"},
		ApplicantKinds:  []match.ApplicantKind{match.University, match.Institute},
		LegalStatuses:   []match.LegalStatus{match.Granted, match.Granted},
		TransferModes:   []match.TransferMode{match.OpenLicence, match.OpenLicence, match.EquityInvestment, "送", "unspecified"},
		EnterpriseKinds: []match.EnterpriseKind{match.SpecialisedSME},
		DemandStates:    []match.DemandState{match.Open},
		FilingDate:      match.DateRange{From: "2024-01-02", To: "2024-03-04"},
		Deadline:        match.DateRange{To: "soon"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(match.Filter{}, vocabulary.Filter(match.Filter{})); diff != "" {
		t.Error("an empty filter asks for something: ", diff)
	}
}
