package management

import (
	"net/http"
	"time"
)

// keySet is a [jwtvalidate.KeySetState] in JSON.
type keySet struct {
	URL              string       `json:"url"`
	Issuer           string       `json:"issuer"`
	KeyIDs           []string     `json:"keyIds"`
	FetchedAt        time.Time    `json:"fetchedAt,omitzero"`
	RefetchAllowedAt time.Time    `json:"refetchAllowedAt,omitzero"`
	Fetches          int          `json:"fetches"`
	Fetching         bool         `json:"fetching"`
	LastError        string       `json:"lastError,omitempty"`
	Dropped          []droppedKey `json:"droppedKeys,omitempty"`
}

type droppedKey struct {
	KeyID  string `json:"keyId"`
	Reason string `json:"reason"`
}

func (s *server) keySets(w http.ResponseWriter, _ *http.Request) {
	list := []keySet{}
	for _, k := range s.KeySets() {
		set := keySet{
			URL: k.URL, Issuer: k.Issuer, KeyIDs: append([]string{}, k.KeyIDs...), FetchedAt: k.FetchedAt, RefetchAllowedAt: k.RefetchAllowedAt,
			Fetches: k.Fetches, Fetching: k.Fetching, LastError: k.LastError,
		}
		for _, d := range k.Dropped {
			set.Dropped = append(set.Dropped, droppedKey{d.KeyID, d.Reason})
		}
		list = append(list, set)
	}
	reply(w, list)
}
