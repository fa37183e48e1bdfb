package service

import (
	"slices"
	"strings"
	"time"

	"github.com/apimulator/apimulator/internal/yamlfile"
	"github.com/apimulator/apimulator/policy/exchange"
)

// builtInGroups are those that every instance has.
var builtInGroups = []exchange.Group{{ID: "administrators", Name: "Administrators"}, developers, {ID: "guests", Name: "Guests"}}

// developers are all who have an account.
var developers = exchange.Group{ID: "developers", Name: "Developers"}

// since is when what has no date of its own was made. Chosen: a date that stays,
// because policies that count from it then do the same each time.
var since = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func dateOr(t *time.Time, otherwise time.Time) time.Time {
	if t == nil {
		return otherwise
	}
	return t.UTC()
}

func (l *loader) groups(s *Service, configured []groupConfig) {
	s.Groups = slices.Clone(builtInGroups)
	for _, c := range configured {
		_, taken := s.group(c.Name.Value)
		l.name(c.Name, c.Place, "group", taken)
		s.Groups = append(s.Groups, exchange.Group{ID: c.Name.Value, Name: or(c.DisplayName.Value, c.Name.Value)})
	}
}

func (s *Service) group(name string) (exchange.Group, bool) {
	i := slices.IndexFunc(s.Groups, func(g exchange.Group) bool { return strings.EqualFold(g.ID, name) })
	if i < 0 {
		return exchange.Group{}, false
	}
	return s.Groups[i], true
}

// groupsNamed are the groups that an entity lists.
func (l *loader) groupsNamed(s *Service, listed []yamlfile.Text, entity string) []exchange.Group {
	var list []exchange.Group
	for _, name := range listed {
		g, ok := s.group(name.Value)
		switch {
		case !ok:
			var names []string
			for _, g := range s.Groups {
				names = append(names, g.ID)
			}
			l.fail(name.Place, "%s names the group %q, which is not there%s", entity, name.Value, thereAre(names))
		case slices.Contains(list, g):
			l.fail(name.Place, "%s lists the group %s twice", entity, name.Value)
		default:
			list = append(list, g)
		}
	}
	return list
}

func (l *loader) users(s *Service, configured []userConfig) {
	for _, c := range configured {
		name := l.name(c.Name, c.Place, "user", s.user(c.Name.Value) != nil)
		u := &exchange.User{
			ID: c.Name.Value, FirstName: c.FirstName.Value, LastName: c.LastName.Value, Email: c.Email.Value, Note: c.Note.Value,
			RegistrationDate: dateOr(c.RegistrationDate, since), Groups: l.groupsNamed(s, c.Groups, "user "+name), Identities: l.identities(&c, name),
		}
		if !slices.Contains(u.Groups, developers) {
			u.Groups = append(u.Groups, developers)
		}
		s.Users = append(s.Users, u)
	}
}

// identities are how a user signs in. Chosen: with the e-mail address and a
// password, where nothing is said.
func (l *loader) identities(c *userConfig, name string) []exchange.Identity {
	if len(c.Identities) == 0 && c.Email.Value != "" {
		return []exchange.Identity{{Provider: "Basic", ID: c.Email.Value}}
	}
	var list []exchange.Identity
	for _, i := range c.Identities {
		if i.Provider.Value == "" || i.ID.Value == "" {
			l.fail(i.Place, "an identity of user %s needs provider and id", name)
		}
		list = append(list, exchange.Identity{Provider: i.Provider.Value, ID: i.ID.Value})
	}
	return list
}

func (s *Service) user(name string) *exchange.User {
	i := slices.IndexFunc(s.Users, func(u *exchange.User) bool { return strings.EqualFold(u.ID, name) })
	if i < 0 {
		return nil
	}
	return s.Users[i]
}
