package wire

import (
	"encoding/hex"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/report"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/registry"
)

var pilotModes = newEnum(map[registry.PilotMode]pb.PilotMode{
	registry.Shadow:     pb.PilotMode_PILOT_MODE_SHADOW,
	registry.AB:         pb.PilotMode_PILOT_MODE_AB,
	registry.Interleave: pb.PilotMode_PILOT_MODE_INTERLEAVE,
})

// ToVersion writes a tuned model, with the aliases that a lineup gives it.
func ToVersion(v *registry.Version, l *registry.Lineup) *pb.Model {
	out := &pb.Model{
		Id: v.ID, Kind: pb.ModelKind_MODEL_KIND_RANKER, Title: v.Title, Parent: v.Parent, DataHash: v.DataHash, Seed: int64(v.Seed),
		Metrics: v.Metrics, Sectors: v.Sectors, CreateTime: toTime(v.At), Sha256: v.SHA256, Size: v.Size, Schema: int32Of(v.Schema),
		Embedder: v.Embedder, AddedBy: v.By, Note: v.Note, Labels: int64(v.Labels), Demands: int64(v.Demands), Card: string(v.Card),
	}
	if l != nil {
		out.Aliases = l.AliasesOf(v.ID)
		out.Live = l.ByID(v.ID) != nil && len(out.Aliases) > 0
		if err := l.Unusable[v.ID]; err != nil {
			out.UnusableReason = clip(err.Error())
		}
	}
	return out
}

// ToModelChange writes a change of the history.
func ToModelChange(e *registry.Event) *pb.ModelChange {
	out := ToChange(e.Change)
	out.Action, out.By, out.Reason, out.Time = e.Action, e.By, e.Reason, toTime(e.At)
	return out
}

// ToChange writes what has become of an alias.
func ToChange(c registry.Change) *pb.ModelChange {
	return &pb.ModelChange{Number: c.Seq, Alias: c.Alias, Before: c.Before, Now: c.Now, Decision: ToDecision(c.Decision)}
}

// ToDecision writes a decision; none is none.
func ToDecision(d *gate.Decision) *pb.GateDecision {
	if d == nil {
		return nil
	}
	return &pb.GateDecision{Baseline: d.Baseline, Candidate: d.Candidate, Verdict: string(d.Verdict), Checks: convert(d.Checks, func(c gate.Check) *pb.GateCheck {
		out := &pb.GateCheck{Name: c.Name, Verdict: string(c.Verdict), Reason: c.Reason, ReasonText: &pb.LocalText{Zh: report.InChinese(c.Reason), En: c.Reason}}
		if o := c.Override; o != nil {
			out.Override = &pb.GateOverride{Check: o.Check, By: o.By, Reason: o.Reason}
		}
		return out
	})}
}

// FromPromotion reads what is to be promoted.
func FromPromotion(req *pb.PromoteModelRequest) registry.Promotion {
	return registry.Promotion{
		Alias: req.GetAlias(), Model: req.GetModel(), By: req.GetBy(), Reason: req.GetReason(), Datasets: copied(req.GetDatasets()),
		Overrides: convert(req.GetOverrides(), func(o *pb.GateOverride) gate.Override {
			return gate.Override{Check: o.GetCheck(), By: o.GetBy(), Reason: o.GetReason()}
		}),
	}
}

// ToDataset writes a frozen dataset.
func ToDataset(d *registry.Dataset) *pb.GateDataset {
	out := &pb.GateDataset{
		Name: d.Name, Tenant: d.Tenant, Sha256: hex.EncodeToString(d.SHA256[:]), CreateTime: toTime(d.At), By: d.By, Note: d.Note,
		Retired: d.Retired, Pairs: int64(d.Pairs), Demands: int64(d.Demands), Patents: int64(d.Patents), Sectors: map[string]int32{},
	}
	for sector, n := range d.Sectors {
		out.Sectors[sector] = int32Of(n)
	}
	return out
}

// FromPilot reads a pilot that is to be begun.
func FromPilot(p *pb.Pilot) (registry.Pilot, error) {
	r := reader{at: "pilot"}
	out := registry.Pilot{
		Name: p.GetName(), Where: p.GetWhere(), Challenger: p.GetChallenger(), Share: p.GetShare(), By: p.GetBy(), Reason: p.GetReason(),
		Mode: read(&r, "mode", pilotModes, p.GetMode(), 0),
	}
	return out, r.err
}

// ToPilot writes a pilot.
func ToPilot(p *registry.Pilot) *pb.Pilot {
	return &pb.Pilot{
		Name: p.Name, Where: p.Where, Challenger: p.Challenger, Mode: pilotModes.number(p.Mode), Share: p.Share,
		StartTime: toTime(p.Started), By: p.By, Reason: p.Reason,
	}
}

// ToPilotReport writes a report.
func ToPilotReport(r *pilot.Report) *pb.GetPilotReportResponse {
	out := &pb.GetPilotReportResponse{
		Pilot: ToPilot(&r.Pilot), Running: r.Running, Answers: counts(r.Answers), Parties: counts(r.Parties), Successes: counts(r.Successes),
		Wins: int64(r.Wins), Losses: int64(r.Losses), Ties: int64(r.Ties), Events: int64(r.Events),
		Null: r.Null, Low: r.Low, High: r.High, PValue: r.PValue, Verdict: string(r.Verdict), Reason: toLocalText(r.Why),
	}
	if s := r.Shadow; s != nil {
		out.Shadow = &pb.ShadowReport{
			Observations: int64(s.Observations), OverlapAt_10: s.Overlap, Rbo: s.RBO, SameFirst: s.SameFirst,
			MeanMs: s.MillisecondsMean, LongestMs: s.MostLong,
		}
	}
	return out
}

func counts(m map[string]int) map[string]int64 {
	out := map[string]int64{}
	for k, n := range m {
		out[k] = int64(n)
	}
	return out
}

// toRouted adds to versions which ranker was chosen, and why.
func toRouted(v *pb.Versions, r match.Route) *pb.Versions {
	v.Alias, v.AliasReason, v.AliasConfidence = r.Alias, toLocalText(r.Why), r.Confidence
	v.ModelChange, v.Pilot, v.PilotArm = r.Change, r.Pilot, r.Arm
	return v
}
