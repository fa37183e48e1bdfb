package jwtvalidate

import (
	"context"
	"reflect"
	"slices"
)

// A watched is a key set as one call looks at it.
type watched struct {
	set *keySet
	// seen is what the call has looked at in vain; nil if there were no keys yet.
	seen *snapshot
	// since is how many fetches had begun when the call came. Keys from a later one
	// are as fresh as another fetch could bring.
	since int64
}

func watch(sets []*keySet) []watched {
	ws := make([]watched, len(sets))
	for i, set := range sets {
		ws[i] = watched{set: set, since: set.fetches.Load()}
	}
	return ws
}

// awaitChange waits until one of the sets is other than seen, and starts the fetches
// that are allowed: of all of them, however quick the first is. It reports false if
// waiting would change nothing, and the cause if the context ended first.
func awaitChange(ctx context.Context, sets []watched) (changed bool, err error) {
	for !slices.ContainsFunc(sets, watched.changed) {
		var waits []reflect.SelectCase
		for _, w := range sets {
			if f := w.set.request(ctx, w.seen, w.since); f != nil {
				waits = append(waits, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(f.done)})
			}
		}
		if waits == nil {
			return slices.ContainsFunc(sets, watched.changed), nil
		}
		waits = append(waits, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())})
		if chosen, _, _ := reflect.Select(waits); chosen == len(waits)-1 {
			return false, context.Cause(ctx)
		}
	}
	return true, nil
}

func (w watched) changed() bool { return w.set.current.Load() != w.seen }

// awaitFirst is awaitChange for those sets that had no keys when last looked at.
func awaitFirst(ctx context.Context, sets []watched) (changed bool, err error) {
	var empty []watched
	for _, w := range sets {
		if w.seen == nil {
			empty = append(empty, w)
		}
	}
	return awaitChange(ctx, empty)
}
