package ingest

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// valueReader gives the reader of a leaf: strings, json.Number and bool, as if the
// value stood in JSON. Dates become 2021-03-12, times RFC 3339.
func valueReader(t parquet.Type) func(parquet.Value) any {
	if logical := t.LogicalType(); logical != nil {
		switch l := logical.Value.(type) {
		case *format.DateType:
			return func(v parquet.Value) any { return moment(time.Unix(0, 0).AddDate(0, 0, int(v.Int32()))) }
		case *format.TimestampType:
			return timestampReader(l.Unit.Value)
		case *format.DecimalType:
			return decimalReader(t.Kind(), int(l.Scale))
		case *format.UUIDType:
			return func(v parquet.Value) any { return hex.EncodeToString(v.ByteArray()) }
		case *format.IntType:
			if !l.IsSigned {
				return unsignedReader(t.Kind())
			}
		}
	}
	return plainReader(t.Kind())
}

func plainReader(kind parquet.Kind) func(parquet.Value) any {
	switch kind {
	case parquet.Boolean:
		return func(v parquet.Value) any { return v.Boolean() }
	case parquet.Int32:
		return func(v parquet.Value) any { return integerOf(int64(v.Int32())) }
	case parquet.Int64:
		return func(v parquet.Value) any { return integerOf(v.Int64()) }
	case parquet.Int96: // a time of older writers: nanoseconds of the day, Julian day
		return func(v parquet.Value) any {
			n := v.Int96()
			days, nanos := int64(n[2])-2_440_588, int64(n[1])<<32|int64(n[0])
			return moment(time.Unix(days*86_400, nanos))
		}
	case parquet.Float:
		return func(v parquet.Value) any { return floatOf(float64(v.Float()), 32) }
	case parquet.Double:
		return func(v parquet.Value) any { return floatOf(v.Double(), 64) }
	}
	return func(v parquet.Value) any { return string(v.ByteArray()) }
}

func unsignedReader(kind parquet.Kind) func(parquet.Value) any {
	if kind == parquet.Int32 {
		return func(v parquet.Value) any { return integerOf(int64(v.Uint32())) }
	}
	return func(v parquet.Value) any { return json.Number(strconv.FormatUint(v.Uint64(), 10)) }
}

func timestampReader(unit format.TimeUnitValue) func(parquet.Value) any {
	switch unit.(type) {
	case *format.MilliSeconds:
		return func(v parquet.Value) any { return moment(time.UnixMilli(v.Int64())) }
	case *format.NanoSeconds:
		return func(v parquet.Value) any { return moment(time.Unix(0, v.Int64())) }
	}
	return func(v parquet.Value) any { return moment(time.UnixMicro(v.Int64())) }
}

// moment writes midnight as a day: what was a day in another program.
func moment(t time.Time) any {
	t = t.UTC()
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}

func integerOf(n int64) any { return json.Number(strconv.FormatInt(n, 10)) }

// floatOf writes whole numbers without a point, so that a column of ids that a
// program made floating point, as for missing values, is one of ids again. NaN
// and infinities are absent.
func floatOf(f float64, bits int) any {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return nil
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		return integerOf(int64(f))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, bits))
}

// decimalReader reads an integer that counts in 10^-scale.
func decimalReader(kind parquet.Kind, scale int) func(parquet.Value) any {
	if scale < 0 || scale > 100 {
		return plainReader(kind)
	}
	return func(v parquet.Value) any {
		n := new(big.Int)
		switch kind {
		case parquet.Int32:
			n.SetInt64(int64(v.Int32()))
		case parquet.Int64:
			n.SetInt64(v.Int64())
		default:
			setTwosComplement(n, v.ByteArray())
		}
		whole := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
		exact := new(big.Rat).SetFrac(n, whole)
		if exact.IsInt() {
			return json.Number(exact.Num().String())
		}
		return json.Number(exact.FloatString(scale))
	}
}

func setTwosComplement(n *big.Int, b []byte) {
	n.SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
}
