package caching

import (
	"encoding/binary"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// An entry of the value cache is when it is to be computed anew, which cache-value asks,
// and the value. All statements that keep values share their keys.

// packValue is an entry; a zero refresh says that it is good until it expires.
func packValue(r *policy.Run, v any, refresh time.Time) ([]byte, error) {
	packed, err := r.Machine().Pack(v)
	if err != nil {
		// Chosen: no page tells which values Azure can't keep.
		f := &exchange.Failure{Status: 500, Err: err}
		f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("In the cache "+err.Error()+".")
		return nil, f
	}
	nanos := int64(0)
	if !refresh.IsZero() {
		nanos = refresh.UnixNano()
	}
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, refreshSize+len(packed)), uint64(nanos)), packed...), nil
}

const refreshSize = 8

// unpackValue reads an entry; false: these bytes are none.
func unpackValue(r *policy.Run, entry []byte) (v any, refresh time.Time, ok bool) {
	if len(entry) < refreshSize {
		return nil, time.Time{}, false
	}
	if nanos := int64(binary.BigEndian.Uint64(entry)); nanos != 0 {
		refresh = time.Unix(0, nanos)
	}
	v, err := r.Machine().Unpack(entry[refreshSize:])
	return v, refresh, err == nil
}

// lookupValue is the value under key, and when it is to be computed anew.
func (u cacheUse) lookupValue(r *policy.Run, key string) (v any, refresh time.Time, found bool, err error) {
	entry, found, err := u.get(r, policy.CachedValue+key)
	if err != nil || !found {
		return nil, time.Time{}, false, err
	}
	if v, refresh, found = unpackValue(r, entry); !found {
		r.Note(u.statement, "warning: what the cache has under this key is no value, which counts as a miss")
	}
	return v, refresh, found, nil
}
