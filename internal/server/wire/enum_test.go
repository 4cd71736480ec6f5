package wire

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

// tables gives for each enum of the proto whether a number comes back as it was.
var tables = map[protoreflect.Name]func(protoreflect.EnumNumber) bool{
	"RecordKind":     comesBack(kinds),
	"Visibility":     comesBack(visibilities),
	"RecordState":    comesBack(states),
	"ApplicantKind":  comesBack(applicantKinds),
	"LegalStatus":    comesBack(legalStatuses),
	"TransferMode":   comesBack(transferModes),
	"EnterpriseKind": comesBack(enterpriseKinds),
	"DemandState":    comesBack(demandStates),
	"Level":          comesBack(levels),
	"Order":          comesBack(orders),
	"Verdict":        comesBack(verdicts),
	"WhyNotStage":    comesBack(whyNotStages),
	"LabelSource":    comesBack(labelSources),
	"Change":         comesBack(changes),

	"EventType":       comesBack(eventTypes),
	"RejectionReason": comesBack(rejectionReasons),
	"EventProof":      comesBack(eventProofs),
	"PilotMode":       comesBack(pilotModes),

	"BoostLevel":     comesBack(boostLevels),
	"CollapseReason": comesBack(collapseReasons),

	"ElementKind":        comesBack(elementKinds),
	"IntakeFlag":         comesBack(intakeFlags),
	"QuantityComparison": comesBack(comparisons),
	"QuantityChange":     comesBack(quantityChanges),
}

// unmapped are the enums that the domain has nothing for yet.
var unmapped = []protoreflect.Name{"ModelKind"}

func comesBack[D comparable, P enumNumber](e enum[D, P]) func(protoreflect.EnumNumber) bool {
	return func(n protoreflect.EnumNumber) bool {
		value, ok := e.values[P(n)]
		return ok && e.number(value) == P(n)
	}
}

func TestEveryEnumValueOfTheProtoHasADomainValueAndBack(t *testing.T) {
	seen := 0
	protoregistry.GlobalFiles.RangeFilesByPackage("duijie.v1", func(f protoreflect.FileDescriptor) bool {
		for i := range f.Enums().Len() {
			d := f.Enums().Get(i)
			table, ok := tables[d.Name()]
			if ok == slices.Contains(unmapped, d.Name()) {
				t.Errorf("%s must be in exactly one of tables and unmapped", d.Name())
			}
			if !ok {
				continue
			}
			seen++
			for j := range d.Values().Len() {
				if v := d.Values().Get(j); !table(v.Number()) {
					t.Errorf("%s does not come back as it was", v.Name())
				}
			}
		}
		return true
	})
	if seen != len(tables) {
		t.Errorf("the proto has %d of the %d enums in tables", seen, len(tables))
	}
}

func TestEveryDomainValueHasANumberOfItsOwn(t *testing.T) {
	allOf(t, applicantKinds, match.ApplicantKinds)
	allOf(t, legalStatuses, match.LegalStatuses)
	allOf(t, transferModes, match.TransferModes)
	allOf(t, enterpriseKinds, match.EnterpriseKinds)
	allOf(t, demandStates, match.DemandStates)
	allOf(t, eventTypes, match.EventTypes)
	allOf(t, rejectionReasons, match.RejectionReasons)
	allOf(t, boostLevels, match.BoostLevels)
	allOf(t, collapseReasons, match.CollapseReasons)
	allOf(t, whyNotStages, match.WhyNotStages)
}

func allOf[D comparable, P enumNumber](t *testing.T, e enum[D, P], values []D) {
	t.Helper()
	if len(e.numbers) != len(values) {
		t.Errorf("%d values in the table, %d in the domain", len(e.numbers), len(values))
	}
	for _, v := range values {
		if n, ok := e.numbers[v]; !ok || e.values[n] != v {
			t.Errorf("%v does not come back as it was", v)
		}
	}
}

func TestAWrongMessageNamesTheField(t *testing.T) {
	patent := func(change func(*pb.Patent)) error {
		r := fullPatent()
		m := ToPatent(&r, "", "")
		change(m)
		_, err := FromPatent(m, "t")
		return err
	}
	demand := func(change func(*pb.Demand)) error {
		r := fullDemand()
		m := ToDemand(&r, "", "")
		change(m)
		_, err := FromDemand(m, "t")
		return err
	}
	label := func(l *pb.Label) error { _, err := FromLabel(l, "t"); return err }
	filter := func(f *pb.Filter) error { _, err := FromFilter(f); return err }
	text := func(p *pb.PlainText) error { _, _, err := FromPlainText(p); return err }
	_, none := FromPatent(nil, "t")
	_, noPair := FromPair(nil, "t")
	for want, err := range map[string]error{
		"patent: is missing": none,
		"patent CN1: patent.legal_status: unknown number 42":                                                       patent(func(p *pb.Patent) { p.LegalStatus = 42 }),
		"patent CN1: patent.transfer_modes[1]: unknown number 42":                                                  patent(func(p *pb.Patent) { p.TransferModes = []pb.TransferMode{1, 42} }),
		"patent CN1: patent.transfer_modes[0]: is unspecified":                                                     patent(func(p *pb.Patent) { p.TransferModes[0] = 0 }),
		"patent CN1: patent.applicants[0].kind: is not one of university, institute, hospital, enterprise, person": patent(func(p *pb.Patent) { p.Applicants[0].Kind = -1 }),
		"patent CN1: patent.info.visibility: unknown number 9":                                                     patent(func(p *pb.Patent) { p.Info.Visibility = 9 }),
		"patent CN1: patent.fee.min_cny: is negative":                                                              patent(func(p *pb.Patent) { p.Fee.MinCny = -1 }),
		"patent CN1: patent.readiness: -2147483648 is not in 0 to 9":                                               patent(func(p *pb.Patent) { p.Readiness = -1 << 31 }),
		"patent CN1: patent.rating.count: must be at least 1":                                                      patent(func(p *pb.Patent) { p.Rating = &pb.Rating{} }),
		"patent: patent.number: is empty":                                                                          patent(func(p *pb.Patent) { p.Number = "" }),
		"demand D1: demand.state: unknown number 7":                                                                demand(func(d *pb.Demand) { d.State = 7 }),
		"demand D1: demand.enterprise.kind: unknown number 77":                                                     demand(func(d *pb.Demand) { d.Enterprise.Kind = 77 }),
		"demand D1: demand.text: title and text are both empty":                                                    demand(func(d *pb.Demand) { d.Title, d.Text = "", "" }),
		"label.level: unknown number 300":                                                                          label(&pb.Label{DemandId: "D", PatentNumber: "P", Level: 300}),
		"label.level: 0 is not in 1 to 4":                                                                          label(&pb.Label{DemandId: "D", PatentNumber: "P"}),
		"label.tenant: differs from the request's tenant t":                                                        label(&pb.Label{DemandId: "D", PatentNumber: "P", Level: 1, Tenant: "u"}),
		"filter.demand_states[0]: unknown number 9":                                                                filter(&pb.Filter{DemandStates: []pb.DemandState{9}}),
		"text.kind: unknown number 3":                                                                              text(&pb.PlainText{Kind: 3, Title: "x"}),
		"text: title and body are both empty":                                                                      text(nil),
		"pair.demand_id: is empty; pair.patent_number: is empty":                                                   noPair,
	} {
		if err == nil || err.Error() != want || match.KindOf(err) != match.Invalid {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}
