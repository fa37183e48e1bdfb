package service

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/internal/yamlfile"
)

// firstRevision is the revision of an API that has no other.
const firstRevision = "1"

func (c *apiConfig) revision() string { return or(c.Revision.Value, firstRevision) }

func (c *apiConfig) current() bool { return orTrue(c.IsCurrent) }

// revisionOf reports whether the two are revisions of one API.
func (c *apiConfig) revisionOf(other *apiConfig) bool {
	return c.Name.Value != "" && strings.EqualFold(c.Name.Value, other.Name.Value)
}

// revisions are the APIs with what the revisions of one share: all have one
// name, and all but the current one say so.
func (l *loader) revisions(configured []apiConfig) []apiConfig {
	list := slices.Clone(configured)
	for i := range list {
		c := &list[i]
		for _, other := range list[:i] {
			switch {
			case !c.revisionOf(&other):
			case strings.EqualFold(c.revision(), other.revision()) && c.current() && other.current():
				l.fail(c.Name.Place, "there are two of API %s", c.Name.Value)
			case strings.EqualFold(c.revision(), other.revision()):
				l.fail(c.Revision.Or(c.Place), "there are two of revision %s of API %s", c.revision(), c.Name.Value)
			case c.current() && other.current():
				l.fail(c.Name.Place, "API %s has two current revisions, %s and %s: all but one say isCurrent: false", c.Name.Value, other.revision(), c.revision())
			}
		}
		if c.current() {
			continue
		}
		current := slices.IndexFunc(list, func(other apiConfig) bool { return other.current() && c.revisionOf(&other) })
		if current < 0 {
			l.fail(c.Place, "API %s has no current revision: one of its entries is without isCurrent: false", or(c.Name.Value, "(without a name)"))
			c.IsCurrent = nil // what names the API is not to blame
			continue
		}
		l.share(c, &list[current])
	}
	return list
}

// share gives a revision what only the current one can say, and reports what it
// says otherwise (api-management-revisions.md, Revision descriptions).
func (l *loader) share(c, current *apiConfig) {
	for _, member := range []struct {
		key       string
		own, that *yamlfile.Text
	}{
		{"displayName", &c.DisplayName, &current.DisplayName},
		{"path", &c.Path, &current.Path},
		{"versionSet", &c.VersionSet, &current.VersionSet},
		{"version", &c.Version, &current.Version},
	} {
		if own := strings.Trim(member.own.Value, "/"); own != "" && own != strings.Trim(member.that.Value, "/") {
			l.onlyCurrent(member.own.Place, member.key, c)
		}
		*member.own = *member.that
	}
	if c.SubscriptionRequired != nil && *c.SubscriptionRequired != orTrue(current.SubscriptionRequired) {
		l.onlyCurrent(c.Place, "subscriptionRequired", c)
	}
	c.SubscriptionRequired = current.SubscriptionRequired
	if len(c.Protocols) > 0 && !slices.EqualFunc(c.Protocols, current.Protocols, func(a, b yamlfile.Text) bool { return a.Value == b.Value }) {
		l.onlyCurrent(c.Protocols[0].Place, "protocols", c)
	}
	c.Protocols = current.Protocols
	c.Name.Value = current.Name.Value // in its letter case
	if c.SubscriptionKey == (keyNames{}) {
		c.SubscriptionKey = current.SubscriptionKey
	}
}

func (l *loader) onlyCurrent(at yamlfile.Place, key string, c *apiConfig) {
	l.fail(at, "revision %s of API %s has another %s than the current one, which alone can change it", c.revision(), c.Name.Value, key)
}
