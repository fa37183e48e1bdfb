package service

import (
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

func (l *loader) subscriptions(s *Service, configured []subscriptionConfig) {
	holders := make(map[string]string) // subscriptions by their keys
	for _, c := range configured {
		taken := slices.ContainsFunc(s.Subscriptions, func(o *Subscription) bool { return strings.EqualFold(o.View.ID, c.Name.Value) })
		name := l.name(c.Name, c.Place, "subscription", taken)
		sub := &Subscription{View: exchange.Subscription{
			ID: c.Name.Value, Name: or(c.DisplayName.Value, c.Name.Value),
			PrimaryKey: l.key(&c, c.PrimaryKey, "primary"), SecondaryKey: l.key(&c, c.SecondaryKey, "secondary"),
			CreatedDate: dateOr(c.CreatedDate, since), StartDate: inUTC(c.StartDate), EndDate: inUTC(c.EndDate),
		}}
		l.scope(s, sub, &c, name)
		if c.Owner.Value != "" {
			sub.Owner = l.owner(s, &c, name)
		}
		state := or(c.State.Value, activeState)
		if !slices.Contains(states, state) {
			l.fail(c.State.Place, "subscription %s: state is one of %s, not %q", name, strings.Join(states, ", "), state)
		}
		sub.Active = state == activeState
		for _, key := range []yamlfile.Text{{Place: c.PrimaryKey.Or(c.Place), Value: sub.View.PrimaryKey}, {Place: c.SecondaryKey.Or(c.Place), Value: sub.View.SecondaryKey}} {
			if holder, taken := holders[key.Value]; taken && holder != name {
				l.fail(key.Place, "subscription %s has a key that subscription %s has too", name, holder)
			}
			if key.Value != "" {
				holders[key.Value] = name
			}
		}
		s.Subscriptions = append(s.Subscriptions, sub)
	}
}

// key is the one written, or one that is generated; "" if there is neither.
func (l *loader) key(c *subscriptionConfig, written yamlfile.Text, slot string) string {
	if written.Value == "" && l.Key != nil && c.Name.Value != "" {
		return l.Key(c.Name.Value, slot)
	}
	return written.Value
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// owner is the user who has the subscription. One without an owner is
// standalone, and there is no user behind its requests.
func (l *loader) owner(s *Service, c *subscriptionConfig, name string) *exchange.User {
	u := s.user(c.Owner.Value)
	if u == nil {
		var names []string
		for _, other := range s.Users {
			names = append(names, other.ID)
		}
		l.fail(c.Owner.Place, "subscription %s names the owner %q, who is not among the users%s", name, c.Owner.Value, thereAre(names))
	}
	return u
}

func (l *loader) scope(s *Service, sub *Subscription, c *subscriptionConfig, name string) {
	switch {
	case c.Product.Value != "" && c.API.Value != "":
		l.fail(c.API.Place, "subscription %s is for a product or for an API, not both", name)
	case c.Product.Value != "":
		if sub.Product = s.product(c.Product.Value); sub.Product == nil {
			l.fail(c.Product.Place, "subscription %s names the product %q, which is not there", name, c.Product.Value)
		}
	case c.API.Value != "":
		if sub.API = s.api(c.API.Value); sub.API == nil {
			l.fail(c.API.Place, "subscription %s names the API %q, which is not there%s", name, c.API.Value, s.apiNames())
		}
	}
}
