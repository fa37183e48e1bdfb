package caching

import (
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

// packValue is the entry of a value, whose keys all statements that keep values share.
func packValue(r *policy.Run, v any, refresh time.Time) ([]byte, error) {
	entry, err := policy.PackCached(r.Machine(), v, refresh)
	if err != nil {
		// Chosen: no page tells which values Azure can't keep.
		f := &exchange.Failure{Status: 500, Err: err}
		f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("In the cache "+err.Error()+".")
		return nil, f
	}
	return entry, nil
}

// lookupValue is the value under key, and when it is to be computed anew.
func (u cacheUse) lookupValue(r *policy.Run, key string) (v any, refresh time.Time, found bool, err error) {
	entry, found, err := u.get(r, policy.CachedValue+key)
	if err != nil || !found {
		return nil, time.Time{}, false, err
	}
	if v, refresh, err = policy.UnpackCached(r.Machine(), entry); err != nil {
		r.Note(u.statement, "warning: what the cache has under this key is no value, which counts as a miss")
		return nil, time.Time{}, false, nil
	}
	return v, refresh, true, nil
}
