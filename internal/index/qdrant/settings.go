package qdrant

import (
	"fmt"
	"strconv"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/match"
)

// Settings are those of a collection that only the server's operator can choose well.
// The zero value leaves them to this package and the server.
type Settings struct {
	// Shards is how many parts a collection has, on several nodes of a cluster or the
	// threads of one; 0 is as the server has it: one a node.
	Shards int
	// Replicas is how many nodes have each shard, and WriteConsistency how many of
	// them have a write before it is answered; 0 is as the server has it: 1. With
	// Replicas alone, WriteConsistency is the same.
	Replicas, WriteConsistency int
	// Quantize is how vectors are searched: QuantizeInt8 scans one byte a dimension and
	// rescores with float32, QuantizeNone scans float32. "" is QuantizeInt8.
	Quantize string
	// OnDisk keeps float32 vectors, and the postings of words, on disk, where memory
	// is the cache; nil is true.
	OnDisk *bool
}

// The values of Settings.Quantize.
const (
	QuantizeInt8 = "int8"
	QuantizeNone = "none"
)

// Most is the largest number of shards and of replicas that Settings may ask for.
const Most = 1024

// Validate reports the first thing that is wrong with s, of kind match.Invalid.
func (s Settings) Validate() error {
	for _, n := range []struct {
		field string
		value int
	}{{"shards", s.Shards}, {"replicas", s.Replicas}, {"write_consistency", s.WriteConsistency}} {
		if n.value < 0 || n.value > Most {
			return match.Invalidf(n.field, fmt.Sprintf("%d is not between 1 and %d", n.value, Most))
		}
	}
	if s.Replicas > 0 && s.WriteConsistency > s.Replicas {
		return match.Invalidf("write_consistency", fmt.Sprintf("%d is more than the %d replicas", s.WriteConsistency, s.Replicas))
	}
	switch s.Quantize {
	case "", QuantizeInt8, QuantizeNone:
		return nil
	}
	return match.Invalidf("quantize", fmt.Sprintf("%q is not %s or %s", s.Quantize, QuantizeInt8, QuantizeNone))
}

// onDisk, quantized and consistency are what new collections are made with.
func (s Settings) onDisk() bool    { return s.OnDisk == nil || *s.OnDisk }
func (s Settings) quantized() bool { return s.Quantize != QuantizeNone }
func (s Settings) consistency() int {
	if s.WriteConsistency == 0 {
		return s.Replicas
	}
	return s.WriteConsistency
}

// shape fills in what a request to create a collection says of its shards.
func (s Settings) shape(to *qdrant.CreateCollection) {
	set := func(field **uint32, n int) {
		if n > 0 {
			*field = qdrant.PtrOf(uint32(n))
		}
	}
	set(&to.ShardNumber, s.Shards)
	set(&to.ReplicationFactor, s.Replicas)
	set(&to.WriteConsistencyFactor, s.consistency())
}

// int8Quantization keeps one byte a dimension in memory. The few numbers beyond the
// quantile are clipped, which makes all others finer.
func int8Quantization() *qdrant.ScalarQuantization {
	return &qdrant.ScalarQuantization{
		Type: qdrant.QuantizationType_Int8, Quantile: qdrant.PtrOf(float32(0.99)), AlwaysRam: qdrant.PtrOf(true),
	}
}

// Difference is a setting of a collection that is not as it is configured.
type Difference struct {
	Collection string // on the server
	Setting    string
	Have, Want string
	// Reindex is set where the collection has to be made anew for it (Reindex); else
	// Adjust changes it at once.
	Reindex bool
}

func (d Difference) String() string {
	return fmt.Sprintf("collection %s has %s=%s, configured is %s", d.Collection, d.Setting, d.Have, d.Want)
}

// differences compares what is configured with what is stored. What is not configured
// does not differ.
func (s Settings) differences(collection string, stored *qdrant.CollectionConfig, dense bool) []Difference {
	var out []Difference
	params := stored.GetParams()
	compare := func(setting, have, want string, reindex bool) {
		if have != want {
			out = append(out, Difference{collection, setting, have, want, reindex})
		}
	}
	number := func(setting string, have uint32, want int, reindex bool) {
		if want > 0 {
			compare(setting, strconv.Itoa(int(max(have, 1))), strconv.Itoa(want), reindex)
		}
	}
	number("shards", params.GetShardNumber(), s.Shards, true)
	number("replicas", params.GetReplicationFactor(), s.Replicas, true)
	number("write_consistency", params.GetWriteConsistencyFactor(), s.consistency(), false)
	if dense && s.Quantize != "" {
		compare("quantize", quantizeOf(stored), s.Quantize, false)
	}
	if s.OnDisk != nil {
		compare("on_disk", strconv.FormatBool(onDiskOf(params)), strconv.FormatBool(*s.OnDisk), false)
	}
	return out
}

func quantizeOf(stored *qdrant.CollectionConfig) string {
	switch q := stored.GetQuantizationConfig(); {
	case q == nil || q.GetQuantization() == nil:
		return QuantizeNone
	case q.GetScalar().GetType() == qdrant.QuantizationType_Int8:
		return QuantizeInt8
	}
	return "another kind"
}

// onDiskOf tells whether all vectors are on disk.
func onDiskOf(params *qdrant.CollectionParams) bool {
	for _, v := range params.GetVectorsConfig().GetParamsMap().GetMap() {
		if !v.GetOnDisk() {
			return false
		}
	}
	for _, v := range params.GetSparseVectorsConfig().GetMap() {
		if !v.GetIndex().GetOnDisk() {
			return false
		}
	}
	return true
}
