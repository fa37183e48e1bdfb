package entra

import (
	"net/http"
	"slices"
	"strings"
)

// sameSite refuses a POST that a page of another site made the browser send.
var sameSite = http.NewCrossOriginProtection()

// signInPage shows the users to choose from. Its form carries the name of a ticket
// that holds the request: it can't be forged, works once, and is for this request.
func (s *Server) signInPage(w http.ResponseWriter, c *call, req *authorizeRequest, users []*user) {
	noStore(w)
	s.writePage(w, http.StatusOK, pageSignIn, []string{"'self'", formTarget(req.redirectURI)}, signInView{
		App:    req.client.Name,
		Action: "/" + req.authority.name + "/login",
		Ticket: s.signIns.issue(req),
		Users:  userChoices(users, req.loginHint),
	})
}

type signInView struct {
	App, Action, Ticket string
	Users               []userChoice
}

type userChoice struct{ Value, DisplayName, UserPrincipalName string }

// userChoices are the users as buttons; the hinted one comes first.
func userChoices(users []*user, hint string) []userChoice {
	users = slices.Clone(users)
	slices.SortStableFunc(users, func(a, b *user) int {
		return rank(a, hint) - rank(b, hint)
	})
	var choices []userChoice
	for _, u := range users {
		choices = append(choices, userChoice{u.tenant.ID + "/" + u.ObjectID, u.DisplayName, u.UserPrincipalName})
	}
	return choices
}

func rank(u *user, hint string) int {
	if hint != "" && strings.EqualFold(u.UserPrincipalName, hint) {
		return 0
	}
	return 1
}

// chosenUser finds the user of a button's value among those who may sign in by a.
func (s *Server) chosenUser(a authority, value string) (*user, *Error) {
	tenantID, objectID, _ := strings.Cut(value, "/")
	for _, u := range s.usersFor(a) {
		if u.tenant.ID == tenantID && u.ObjectID == objectID {
			return u, nil
		}
	}
	return nil, errUserUnknown.of(value, s.authorityName(a))
}

// signIn serves the sign-in page's form.
func (s *Server) signIn(w http.ResponseWriter, c *call) {
	if err := sameSite.Check(c.Request); err != nil {
		s.refusePage(w, c, errSignInForeign.of())
		return
	}
	f, err := c.postForm()
	if err != nil {
		s.refusePage(w, c, err)
		return
	}
	req, state := s.signIns.take(f.get("ticket"))
	if state != ticketValid {
		s.refusePage(w, c, errSignInStale.of())
		return
	}
	if f.get("cancel") != "" {
		s.refuseToClient(w, c, req, errSignInDeclined.of())
		return
	}
	u, err := s.chosenUser(req.authority, f.get("user"))
	if err != nil {
		s.refusePage(w, c, err)
		return
	}
	s.grantCode(w, c, req, u)
}

// logout serves /oauth2/logout and /oauth2/v2.0/logout. The server keeps no
// sessions, so there is nothing to end. It goes on only to a registered URI.
func (s *Server) logout(w http.ResponseWriter, c *call) {
	f, err := c.parameters()
	if err != nil {
		s.refusePage(w, c, err)
		return
	}
	noStore(w)
	after := f.get("post_logout_redirect_uri")
	if after == "" || !s.redirectKnown(c.authority, after) {
		s.writePage(w, http.StatusOK, pageMessage, nil, messageView{
			Title: "Signed out", Text: "You are signed out. The emulator keeps no session, so nothing was left to end.",
		})
		return
	}
	w.Header().Set("Location", logoutLocation(after, f.get("state")))
	w.WriteHeader(http.StatusFound)
}

func logoutLocation(after, state string) string {
	if state == "" {
		return after
	}
	return redirectWith(after, modeQuery, map[string][]string{"state": {state}})
}

// redirectKnown reports whether some app of the authority may be answered at uri.
func (s *Server) redirectKnown(a authority, uri string) bool {
	for _, t := range s.directory.tenants {
		if a.tenant != nil && a.tenant != t {
			continue
		}
		if slices.ContainsFunc(s.directory.usableApps(t), func(x *app) bool { return x.redirectAllowed(uri) }) {
			return true
		}
	}
	return false
}
