package access

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
)

const (
	// revocationTimeout is how long Windows waits for a list.
	revocationTimeout = 15 * time.Second
	// revocationLimit is the most bytes of a list.
	revocationLimit = 10 << 20
)

var errRevoked = errors.New("the certificate is revoked")

// checkRevocation looks for each certificate of the path but the root in its issuer's
// list of revoked ones, as .NET does by default. That no list is to be had is a fault,
// as it is there; lists are fetched from where the certificate says, by HTTP. OCSP is
// not asked.
func checkRevocation(r *policy.Run, path certificatePath) error {
	for i, c := range path {
		if selfSigned(c) {
			return nil
		}
		if i+1 == len(path) {
			return fmt.Errorf("whether %q is revoked can't be found out: the certificate of its issuer is not known", c.Subject)
		}
		if err := checkRevoked(r, c, path[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func checkRevoked(r *policy.Run, c, issuer *x509.Certificate) error {
	failed := errors.New("it names no list that can be fetched by HTTP")
	for _, address := range c.CRLDistributionPoints {
		if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
			continue
		}
		list, err := revocationList(r, address, issuer)
		if err != nil {
			failed = err
			continue
		}
		for _, entry := range list.RevokedCertificateEntries {
			if entry.SerialNumber.Cmp(c.SerialNumber) == 0 {
				return fmt.Errorf("%w: %q, since %s", errRevoked, c.Subject, entry.RevocationTime.UTC().Format(time.RFC3339))
			}
		}
		return nil
	}
	return fmt.Errorf("whether %q is revoked can't be found out: %w", c.Subject, failed)
}

// revocationList is the list at an address, fetched if there is none that is still good.
func revocationList(r *policy.Run, address string, issuer *x509.Certificate) (*x509.RevocationList, error) {
	if kept := r.Env.Revocations; kept != nil {
		if list := kept.List(address); list != nil && checkList(list, issuer, r.Clock.Now()) == nil {
			return list, nil
		}
	}
	data, err := fetchList(r, address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	list, err := x509.ParseRevocationList(data)
	if err == nil {
		err = checkList(list, issuer, r.Clock.Now())
	}
	if err != nil {
		return nil, fmt.Errorf("the list at %s can't be used: %w", address, err)
	}
	if r.Env.Revocations != nil {
		r.Env.Revocations.Keep(address, list)
	}
	return list, nil
}

func checkList(list *x509.RevocationList, issuer *x509.Certificate, now time.Time) error {
	if !list.NextUpdate.IsZero() && now.After(list.NextUpdate) {
		return fmt.Errorf("it was to be renewed by %s", list.NextUpdate.UTC().Format(time.RFC3339))
	}
	return list.CheckSignatureFrom(issuer)
}

func fetchList(r *policy.Run, address string) ([]byte, error) {
	u, err := exchange.ParseURL(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := exchange.WithTimeout(r.Context, r.Clock, revocationTimeout)
	defer cancel()
	response, err := r.Env.Sender.Send(ctx, &policy.Outgoing{Method: "GET", URL: u, Body: &exchange.Body{}, FollowRedirects: true})
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.Status != 200 {
		return nil, fmt.Errorf("the answer has status %d", response.Status)
	}
	return response.Body.Buffer(revocationLimit)
}
