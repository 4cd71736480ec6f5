package server

import (
	"cmp"
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/judge"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/worth"
)

// judgeType is the type of the operation. One goes on at a time: the chat model is shared.
const judgeType = "judge_labels"

// defaultCheck is how many pairs of experts a chat model judges blindly.
const defaultCheck = 30

var errNoChat = &match.Error{Kind: match.Denied, Reason: "this server has no chat model; it is started with --llm-url and --llm-model"}

// judgeMetrics tell what judging asked of the chat model.
type judgeMetrics struct {
	requests *prometheus.CounterVec
	took     prometheus.Histogram
	tokens   prometheus.Counter
}

func newJudgeMetrics() *judgeMetrics {
	return &judgeMetrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "duijie_judge_requests_total", Help: "Requests to the chat model for a level: proposed, failed, or why the answer was dropped.",
		}, []string{"result"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "duijie_judge_duration_seconds", Buckets: callBuckets, Help: "Time that these requests took.",
		}),
		tokens: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "duijie_judge_tokens_total", Help: "Tokens that they cost, as the endpoint counts.",
		}),
	}
}

func (m *judgeMetrics) asked(result judge.Fault, took time.Duration, tokens int) {
	m.requests.WithLabelValues(cmp.Or(string(result), "proposed")).Inc()
	m.took.Observe(took.Seconds())
	m.tokens.Add(float64(tokens))
}

func (l *labels) JudgeLabels(_ context.Context, req *pb.JudgeLabelsRequest) (*pb.JudgeLabelsResponse, error) {
	j := l.config.Judge
	if j == nil || l.config.Live == nil {
		return nil, errNoChat
	}
	named, err := l.fromJudge(req)
	if err != nil {
		return nil, err
	}
	o, err := fromSuggest(&pb.SuggestLabelsRequest{Tenant: req.GetTenant(), Budget: req.GetBudget(), PerDemand: req.GetPerDemand(), Sectors: req.GetSectors()})
	if err != nil {
		return nil, err
	}
	check := defaultCheck
	if req.Check != nil {
		check = int(req.GetCheck())
	}
	if check < 0 || check > maxPage {
		return nil, match.Invalidf("check", "%d is not in %d to %d", check, 0, maxPage)
	}
	key, err := (proto.MarshalOptions{Deterministic: true}).Marshal(req)
	if err != nil {
		return nil, err
	}
	op, err := l.operations.startAlone(judgeType, judgeType+"/"+string(key), func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
		pairs := named
		if len(pairs) == 0 {
			if pairs, err = l.toJudge(ctx, j, o); err != nil {
				return nil, err
			}
		}
		known, err := j.ToCheck(ctx, l.store, o.Tenant, check, uint64(req.GetSeed()), o.Sectors)
		if err != nil {
			return nil, err
		}
		outcome, err := j.Propose(ctx, l.store, o.Tenant, append(pairs, known...), func(done, total int) { progress(int64(done), int64(total)) })
		if err != nil {
			return nil, err
		}
		agreed, err := judge.Agree(ctx, l.store, o.Tenant, match.ModelSource, j.Rater(), o.Sectors)
		if err != nil {
			return nil, err
		}
		return &pb.Operation{Result: &pb.Operation_JudgeLabels{JudgeLabels: wire.ToJudged(j.Rater(), outcome, agreed)}}, nil
	})
	return &pb.JudgeLabelsResponse{Operation: op}, err
}

// fromJudge reads the pairs that a request names.
func (l *labels) fromJudge(req *pb.JudgeLabelsRequest) ([]match.Pair, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := checkBatch("pairs", len(req.GetPairs()), l.maxBatch); err != nil {
		return nil, err
	}
	out := make([]match.Pair, len(req.GetPairs()))
	for i, p := range req.GetPairs() {
		if out[i], err = wire.FromPair(p, tenant); err != nil {
			return nil, inList("pair", i, err)
		}
	}
	return out, nil
}

// toJudge are the pairs that would tell most and that neither experts nor this model have
// judged.
func (l *labels) toJudge(ctx context.Context, j *judge.Judge, o worth.Options) ([]match.Pair, error) {
	var err error
	if o.Without, err = j.Judged(ctx, l.store, o.Tenant); err != nil {
		return nil, err
	}
	found, err := worth.Suggest(ctx, l.config.Store, l.config.Live, Committee(l.config.Rankers, l.config.Live.Live().Own()), o)
	if err != nil {
		return nil, err
	}
	var out []match.Pair
	for _, s := range found {
		out = append(out, judge.PairOf(o.Tenant, s.Demand, s.Patent))
	}
	return out, nil
}

func (l *labels) GetLabelAgreement(ctx context.Context, req *pb.GetLabelAgreementRequest) (*pb.GetLabelAgreementResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	source, err := wire.FromLabelSource(req.GetSource(), match.ModelSource)
	if err != nil {
		return nil, err
	}
	agreed, err := judge.Agree(ctx, l.store, tenant, source, req.GetRater(), req.GetSectors())
	if err != nil {
		return nil, err
	}
	return &pb.GetLabelAgreementResponse{Agreements: wire.ToAgreements(agreed)}, nil
}
