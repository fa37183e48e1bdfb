package entra

import (
	"crypto/rand"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/apimulator/apimulator/policy/exchange"
)

// deviceInterval is how long a client shall wait between polls. Nobody is told to
// slow down: msal-node would give up (identity.md trap 19).
const deviceInterval = 5 * time.Second

// devices are the device code flows under way, by the device's code, by the code
// that the user types, and by the ticket of the page that asks for the user.
type devices struct {
	byDevice, byUser, pages *tickets[*deviceFlow]
}

func newDevices(clock exchange.Clock) *devices {
	store := func() *tickets[*deviceFlow] { return newTickets[*deviceFlow](clock, deviceLife, maxPending) }
	return &devices{byDevice: store(), byUser: store(), pages: store()}
}

// A deviceFlow is a device that waits for a user.
type deviceFlow struct {
	authority       authority
	client          *app
	scope, resource string
	capabilities    []string

	mu       sync.Mutex
	declined bool
	user     *user // nil until somebody signed in
	signedIn time.Time
}

func (f *deviceFlow) approve(u *user, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.user, f.signedIn = u, now
}

func (f *deviceFlow) decline() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.declined = true
}

// grant is what the user agreed to; an error as long as there is no such thing.
func (f *deviceFlow) grant() (grant, *Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.declined:
		return grant{}, errDeviceDeclined.of()
	case f.user == nil:
		return grant{}, errDevicePending.of()
	}
	return grant{
		tenant: f.user.tenant, user: f.user, client: f.client, scope: f.scope,
		resource: f.resource, capabilities: f.capabilities, signedIn: f.signedIn,
	}, nil
}

// deviceCode serves /oauth2/devicecode and /oauth2/v2.0/devicecode.
func (s *Server) deviceCode(w http.ResponseWriter, c *call) {
	if s.injectToken(w, c) {
		return
	}
	flow, err := s.readDevice(c)
	if err != nil {
		s.refuseJSON(w, c, err)
		return
	}
	if s.autoSignIn {
		u, err := automaticUser(s.usersFor(flow.authority), "", s.authorityName(flow.authority))
		if err != nil {
			s.refuseJSON(w, c, err)
			return
		}
		flow.approve(u, c.now)
	}
	userCode := newUserCode()
	s.devices.byUser.put(userCode, flow)
	noStore(w)
	writeJSON(w, http.StatusOK, deviceAnswer(c, userCode, s.devices.byDevice.issue(flow)))
}

// readDevice reads a device's request.
func (s *Server) readDevice(c *call) (*deviceFlow, *Error) {
	if c.Method != http.MethodPost {
		return nil, errNotPost.of(c.Method)
	}
	f, err := c.postForm()
	if err != nil {
		return nil, err
	}
	id, err := f.need("client_id")
	if err != nil {
		return nil, err
	}
	req := &authorizeRequest{authority: c.authority, v2: c.v2}
	if req.client, err = s.client(c.authority, id); err != nil {
		return nil, err
	}
	if err := s.readRights(req, f); err != nil {
		return nil, err
	}
	capabilities, err := f.capabilities()
	if err != nil {
		return nil, err
	}
	return &deviceFlow{
		authority: c.authority, client: req.client, scope: req.scope, resource: req.resource, capabilities: capabilities,
	}, nil
}

// deviceAnswer is the answer to the device. Version 2.0 has numbers, which MSAL Go
// insists on; version 1.0 has strings and another name for the address (chosen).
func deviceAnswer(c *call, userCode, deviceCode string) any {
	page := c.baseURL() + devicePagePath
	message := "To sign in to the emulator, use a web browser to open the page " + page + " and enter the code " + userCode + " to authenticate."
	life, interval := seconds(deviceLife), seconds(deviceInterval)
	if c.v2 {
		return struct {
			UserCode   string `json:"user_code"`
			DeviceCode string `json:"device_code"`
			Page       string `json:"verification_uri"`
			ExpiresIn  int64  `json:"expires_in"`
			Interval   int64  `json:"interval"`
			Message    string `json:"message"`
		}{userCode, deviceCode, page, life, interval, message}
	}
	return struct {
		UserCode   string `json:"user_code"`
		DeviceCode string `json:"device_code"`
		Page       string `json:"verification_url"`
		ExpiresIn  string `json:"expires_in"`
		Interval   string `json:"interval"`
		Message    string `json:"message"`
	}{userCode, deviceCode, page, strconv.FormatInt(life, 10), strconv.FormatInt(interval, 10), message}
}

// userCodeLetters have no vowels (no words) and nothing that looks like another.
const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ3456789"

// newUserCode is 9 characters, as Entra's.
func newUserCode() string {
	code := make([]byte, 9)
	for i := range code {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(userCodeLetters))))
		if err != nil {
			panic(err) // crypto/rand's reader doesn't fail
		}
		code[i] = userCodeLetters[n.Int64()]
	}
	return string(code)
}

// devicePage serves the page where a user types a device's code and then chooses
// who signs in.
func (s *Server) devicePage(w http.ResponseWriter, c *call) {
	noStore(w)
	switch c.Method {
	case http.MethodGet, http.MethodHead:
		s.askDeviceCode(w, "")
	case http.MethodPost:
		s.answerDevicePage(w, c)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "The device page takes GET and POST requests only.", http.StatusMethodNotAllowed)
	}
}

func (s *Server) askDeviceCode(w http.ResponseWriter, problem string) {
	s.writePage(w, http.StatusOK, pageDevice, []string{"'self'"}, struct{ Problem string }{problem})
}

func (s *Server) answerDevicePage(w http.ResponseWriter, c *call) {
	if err := sameSite.Check(c.Request); err != nil {
		s.refusePage(w, c, errSignInForeign.of())
		return
	}
	f, err := c.postForm()
	if err != nil {
		s.refusePage(w, c, err)
		return
	}
	if ticket := f.get("ticket"); ticket != "" {
		s.finishDevice(w, c, f, ticket)
		return
	}
	typed := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(f.get("code")))
	flow, state := s.devices.byUser.take(typed)
	if state != ticketValid {
		s.askDeviceCode(w, "That code didn't work. It may be mistyped, used already or expired.")
		return
	}
	s.writePage(w, http.StatusOK, pageDeviceUser, []string{"'self'"}, signInView{
		App: flow.client.Name, Ticket: s.devices.pages.issue(flow), Users: userChoices(s.usersFor(flow.authority), ""),
	})
}

// finishDevice takes the choice of the user.
func (s *Server) finishDevice(w http.ResponseWriter, c *call, f form, ticket string) {
	flow, state := s.devices.pages.take(ticket)
	if state != ticketValid {
		s.refusePage(w, c, errSignInStale.of())
		return
	}
	done := messageView{Title: "Declined", Text: "The program on the other device was not signed in. You can close this page."}
	if f.get("cancel") != "" {
		flow.decline()
	} else {
		u, err := s.chosenUser(flow.authority, f.get("user"))
		if err != nil {
			s.refusePage(w, c, err)
			return
		}
		flow.approve(u, c.now)
		s.log.Info("signed in a device", "user", u.UserPrincipalName, "client", flow.client.ClientID, "trace", c.trace)
		done = messageView{Title: "Signed in", Text: "The program on the other device is signed in. You can close this page."}
	}
	s.writePage(w, http.StatusOK, pageMessage, nil, done)
}
