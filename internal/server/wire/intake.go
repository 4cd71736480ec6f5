package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/quantity"
)

var elementKinds = newEnum(map[intake.Kind]pb.ElementKind{
	intake.Material:    pb.ElementKind_ELEMENT_KIND_MATERIAL,
	intake.Method:      pb.ElementKind_ELEMENT_KIND_METHOD,
	intake.Efficacy:    pb.ElementKind_ELEMENT_KIND_EFFICACY,
	intake.Product:     pb.ElementKind_ELEMENT_KIND_PRODUCT,
	intake.Application: pb.ElementKind_ELEMENT_KIND_APPLICATION,
	intake.Quantity:    pb.ElementKind_ELEMENT_KIND_QUANTITY,
})

var intakeFlags = newEnum(map[intake.Flag]pb.IntakeFlag{
	intake.Empty:       pb.IntakeFlag_INTAKE_FLAG_EMPTY,
	intake.NotProvided: pb.IntakeFlag_INTAKE_FLAG_NOT_PROVIDED,
	intake.Boilerplate: pb.IntakeFlag_INTAKE_FLAG_BOILERPLATE,
	intake.TooShort:    pb.IntakeFlag_INTAKE_FLAG_TOO_SHORT,
	intake.Repeated:    pb.IntakeFlag_INTAKE_FLAG_REPEATED,
	intake.ContactOnly: pb.IntakeFlag_INTAKE_FLAG_CONTACT_ONLY,
	intake.NoText:      pb.IntakeFlag_INTAKE_FLAG_NO_TEXT,
})

var comparisons = newEnum(map[quantity.Comparison]pb.QuantityComparison{
	quantity.Equal:   pb.QuantityComparison_QUANTITY_COMPARISON_EQUAL,
	quantity.AtLeast: pb.QuantityComparison_QUANTITY_COMPARISON_AT_LEAST,
	quantity.Above:   pb.QuantityComparison_QUANTITY_COMPARISON_ABOVE,
	quantity.AtMost:  pb.QuantityComparison_QUANTITY_COMPARISON_AT_MOST,
	quantity.Below:   pb.QuantityComparison_QUANTITY_COMPARISON_BELOW,
	quantity.About:   pb.QuantityComparison_QUANTITY_COMPARISON_ABOUT,
	quantity.Range:   pb.QuantityComparison_QUANTITY_COMPARISON_RANGE,
	quantity.Within:  pb.QuantityComparison_QUANTITY_COMPARISON_TOLERANCE,
})

var quantityChanges = newEnum(map[quantity.Change]pb.QuantityChange{
	quantity.Increase: pb.QuantityChange_QUANTITY_CHANGE_INCREASE,
	quantity.Decrease: pb.QuantityChange_QUANTITY_CHANGE_DECREASE,
})

// ToIntake writes what a demand says and lacks.
func ToIntake(r *intake.Report) *pb.Intake {
	return &pb.Intake{
		Grade:       string(r.Grade),
		Elements:    convert(r.Elements, toElement),
		Quantities:  convert(r.Quantities, toStated),
		Missing:     elementKinds.eachNumber(r.Missing),
		Flags:       intakeFlags.eachNumber(r.Flags),
		Suggestions: convert(r.Suggestions, toLocalText),
	}
}

func toElement(e intake.Element) *pb.DemandElement {
	return &pb.DemandElement{Kind: elementKinds.number(e.Kind), Field: e.Field, Start: int32Of(e.Start), End: int32Of(e.End), Text: e.Text}
}

func toStated(q intake.Stated) *pb.StatedQuantity {
	return &pb.StatedQuantity{
		Field: q.Field, Start: int32Of(q.Start), End: int32Of(q.End), Text: q.Text, Property: q.Property,
		Low: q.Low, High: q.High, Unit: q.Unit.Symbol, Tolerance: q.Tolerance,
		Comparison: comparisons.number(q.Comparison), Change: quantityChanges.number(q.Change),
		Required: q.Role == quantity.Requirement,
	}
}
