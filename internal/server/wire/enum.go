package wire

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// enumNumber is a generated enum.
type enumNumber interface {
	~int32
	protoreflect.Enum
}

// enum holds both directions of an enum. UNSPECIFIED is the domain's zero value,
// unless the table has another value for it.
type enum[D comparable, P enumNumber] struct {
	numbers map[D]P
	values  map[P]D
}

func newEnum[D comparable, P enumNumber](numbers map[D]P) enum[D, P] {
	var unspecified D
	e := enum[D, P]{numbers: numbers, values: map[P]D{0: unspecified}}
	for value, number := range numbers {
		e.values[number] = value
	}
	return e
}

// number gives UNSPECIFIED for a value that is not in the table; no validated
// record holds one.
func (e enum[D, P]) number(value D) P { return e.numbers[value] }

// NoSuchValue stands in an item of a batch for a word that no value of the enum has, so that
// the item alone is refused.
const NoSuchValue = -1

// ShortNames lists the values of an enum as open_licence is one of TRANSFER_MODE_OPEN_LICENCE.
func ShortNames(d protoreflect.EnumDescriptor) string {
	prefix := EnumPrefix(d)
	var out []string
	for i := 1; i < d.Values().Len(); i++ {
		out = append(out, strings.ToLower(strings.TrimPrefix(string(d.Values().Get(i).Name()), prefix)))
	}
	return strings.Join(out, ", ")
}

// EnumPrefix is how the names of an enum's values begin, such as TRANSFER_MODE_.
func EnumPrefix(d protoreflect.EnumDescriptor) string {
	return strings.TrimSuffix(string(d.Values().Get(0).Name()), "UNSPECIFIED")
}

func (e enum[D, P]) eachNumber(values []D) []P { return convert(values, e.number) }

var kinds = newEnum(map[match.Kind]pb.RecordKind{
	match.PatentKind: pb.RecordKind_RECORD_KIND_PATENT,
	match.DemandKind: pb.RecordKind_RECORD_KIND_DEMAND,
})

var visibilities = newEnum(map[match.Visibility]pb.Visibility{
	match.Public:     pb.Visibility_VISIBILITY_PUBLIC,
	match.TenantOnly: pb.Visibility_VISIBILITY_TENANT,
	match.Private:    pb.Visibility_VISIBILITY_PRIVATE,
})

var states = newEnum(map[match.State]pb.RecordState{
	match.Accepted:     pb.RecordState_RECORD_STATE_ACCEPTED,
	match.Embedded:     pb.RecordState_RECORD_STATE_EMBEDDED,
	match.Indexed:      pb.RecordState_RECORD_STATE_INDEXED,
	match.Failed:       pb.RecordState_RECORD_STATE_FAILED,
	match.EmbedPending: pb.RecordState_RECORD_STATE_EMBED_PENDING,
})

var applicantKinds = newEnum(map[match.ApplicantKind]pb.ApplicantKind{
	match.University:     pb.ApplicantKind_APPLICANT_KIND_UNIVERSITY,
	match.Institute:      pb.ApplicantKind_APPLICANT_KIND_INSTITUTE,
	match.Hospital:       pb.ApplicantKind_APPLICANT_KIND_HOSPITAL,
	match.EnterpriseHeld: pb.ApplicantKind_APPLICANT_KIND_ENTERPRISE,
	match.Person:         pb.ApplicantKind_APPLICANT_KIND_PERSON,
})

var legalStatuses = newEnum(map[match.LegalStatus]pb.LegalStatus{
	match.Pending:           pb.LegalStatus_LEGAL_STATUS_PENDING,
	match.Granted:           pb.LegalStatus_LEGAL_STATUS_GRANTED,
	match.Lapsed:            pb.LegalStatus_LEGAL_STATUS_LAPSED,
	match.Expired:           pb.LegalStatus_LEGAL_STATUS_EXPIRED,
	match.Revoked:           pb.LegalStatus_LEGAL_STATUS_REVOKED,
	match.Rejected:          pb.LegalStatus_LEGAL_STATUS_REJECTED,
	match.WithdrawnAtOffice: pb.LegalStatus_LEGAL_STATUS_WITHDRAWN,
})

var transferModes = newEnum(map[match.TransferMode]pb.TransferMode{
	match.Assignment:       pb.TransferMode_TRANSFER_MODE_ASSIGNMENT,
	match.Licence:          pb.TransferMode_TRANSFER_MODE_LICENCE,
	match.OpenLicence:      pb.TransferMode_TRANSFER_MODE_OPEN_LICENCE,
	match.UseFirstPayLater: pb.TransferMode_TRANSFER_MODE_USE_FIRST_PAY_LATER,
	match.EquityInvestment: pb.TransferMode_TRANSFER_MODE_EQUITY,
	match.JointDevelopment: pb.TransferMode_TRANSFER_MODE_JOINT_DEVELOPMENT,
})

var enterpriseKinds = newEnum(map[match.EnterpriseKind]pb.EnterpriseKind{
	match.LargeEnterprise: pb.EnterpriseKind_ENTERPRISE_KIND_LARGE,
	match.SME:             pb.EnterpriseKind_ENTERPRISE_KIND_SME,
	match.HighTech:        pb.EnterpriseKind_ENTERPRISE_KIND_HIGH_TECH,
	match.HighGrowthSME:   pb.EnterpriseKind_ENTERPRISE_KIND_HIGH_GROWTH_SME,
	match.InnovativeSME:   pb.EnterpriseKind_ENTERPRISE_KIND_INNOVATIVE_SME,
	match.SpecialisedSME:  pb.EnterpriseKind_ENTERPRISE_KIND_SPECIALISED_SME,
	match.LittleGiant:     pb.EnterpriseKind_ENTERPRISE_KIND_LITTLE_GIANT,
})

var demandStates = newEnum(map[match.DemandState]pb.DemandState{
	match.Open:   pb.DemandState_DEMAND_STATE_OPEN,
	match.Paused: pb.DemandState_DEMAND_STATE_PAUSED,
	match.Closed: pb.DemandState_DEMAND_STATE_CLOSED,
})

var levels = newEnum(map[match.Level]pb.Level{
	match.NoFit:         pb.Level_LEVEL_NONE,
	match.WeakFit:       pb.Level_LEVEL_WEAK,
	match.RatherGoodFit: pb.Level_LEVEL_RATHER_STRONG,
	match.StrongFit:     pb.Level_LEVEL_STRONG,
})

var orders = newEnum(map[match.Order]pb.Order{
	match.ForwardOrder: pb.Order_ORDER_FORWARD,
	match.ReverseOrder: pb.Order_ORDER_REVERSE,
	match.MutualOrder:  pb.Order_ORDER_MUTUAL,
})

var labelSources = newEnum(map[match.LabelSource]pb.LabelSource{
	match.ExpertSource: pb.LabelSource_LABEL_SOURCE_EXPERT,
	match.EventSource:  pb.LabelSource_LABEL_SOURCE_EVENT,
	match.ModelSource:  pb.LabelSource_LABEL_SOURCE_MODEL,
})

var changes = newEnum(map[store.Change]pb.Change{
	store.Refused:   pb.Change_CHANGE_UNSPECIFIED,
	store.Created:   pb.Change_CHANGE_CREATED,
	store.Updated:   pb.Change_CHANGE_UPDATED,
	store.Unchanged: pb.Change_CHANGE_UNCHANGED,
	store.Withdrawn: pb.Change_CHANGE_WITHDRAWN,
})

// FromOrder reads what hits are to be ordered by.
func FromOrder(o pb.Order) (match.Order, error) {
	var r reader
	order := read(&r, "order", orders, o, pb.Order_ORDER_FORWARD)
	return order, r.err
}

// ToOrder is the inverse of FromOrder, for clients.
func ToOrder(o match.Order) pb.Order { return orders.number(o) }
