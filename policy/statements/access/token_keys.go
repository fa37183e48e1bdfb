package access

import (
	"errors"
	"slices"

	"github.com/apimulator/apimulator/jwtvalidate"
	"github.com/apimulator/apimulator/policy"
	"github.com/apimulator/apimulator/policy/exchange"
	"github.com/apimulator/apimulator/policy/statements/part"
)

func signingKeysElement() policy.Element {
	return keysElement("issuer-signing-keys", "Keys of the signature, tried one by one.", "", checkSigningKey)
}

func decryptionKeysElement() policy.Element {
	return keysElement("decryption-keys", "Keys of encrypted tokens, tried one by one.", "n and e are a public key, which decrypts nothing: use a certificate with its private key", checkDecryptionKey)
}

// keysElement is a list of keys; noPublic says, if need be, why n and e are of no use.
func keysElement(name, doc, noPublic string, check func(*policy.Node) policy.Diagnostics) policy.Element {
	return policy.Element{Name: name, Doc: doc, Children: []policy.Child{{Min: 1, Element: policy.Element{
		Name: "key", Doc: "A key: Base64 text, a certificate, or an RSA key's n and e.", Text: policy.TrimmedText, TextOpen: true,
		Attributes: []policy.Attribute{
			{Name: "id", Doc: "Compared with the token's kid.", Type: policy.String, ExpressionOpen: true},
			{Name: "certificate-id", Doc: "A certificate of the service.", Type: policy.String, ExpressionOpen: true},
			{Name: "n", Doc: "RSA modulus, Base64url.", Type: policy.String, Unsupported: noPublic},
			{Name: "e", Doc: "RSA exponent, Base64url.", Type: policy.String, Unsupported: noPublic},
		},
		AtMostOne: [][]string{{"certificate-id", "n"}, {"certificate-id", "e"}},
		Together:  [][]string{{"n", "e"}},
		Check:     check,
	}}}}
}

// keyOperands are all that can be said of a key.
type keyOperands struct{ text, id, certificate, n, e policy.Operand[string] }

func readKeyOperands(k *policy.Node) keyOperands {
	return keyOperands{k.Content(), k.String("id"), k.String("certificate-id"), k.String("n"), k.String("e")}
}

func (o *keyOperands) known() bool {
	_, ok := constants([]policy.Operand[string]{o.text, o.id, o.certificate, o.n, o.e})
	return ok
}

// checkSigningKey and checkDecryptionKey tell of a key that can't be used, as far as it
// is known.
func checkSigningKey(k *policy.Node) policy.Diagnostics {
	return checkKey(k, func() error { _, err := signingKey(k); return err })
}

func checkDecryptionKey(k *policy.Node) policy.Diagnostics {
	if k.Has("n") || k.Has("e") {
		return nil // which is told as unsupported
	}
	return checkKey(k, func() error { _, err := decryptionKey(k); return err })
}

func checkKey(k *policy.Node, read func() error) policy.Diagnostics {
	if o := readKeyOperands(k); !o.known() {
		return nil
	}
	err := read()
	var fault policy.Diagnostic
	switch {
	case err == nil:
		return nil
	case errors.As(err, &fault):
		return policy.Diagnostics{fault}
	}
	return policy.Diagnostics{k.Fault(policy.Error, nil, "this key can't be used: %s", err)}
}

// keyCertificate is the certificate that a key names; nil if it names none.
func keyCertificate(k *policy.Node) (*exchange.Certificate, error) {
	if !k.Has("certificate-id") {
		return nil, nil
	}
	id, _ := k.String("certificate-id").Constant()
	c, ok := k.Certificate(id)
	if !ok {
		return nil, part.UnknownCertificate(k)
	}
	return c, nil
}

var errSeveralKeys = errors.New("it is either Base64 text, or a certificate-id, or n and e")

func signingKey(k *policy.Node) (key jwtvalidate.Key, err error) {
	text, _ := k.Content().Constant()
	certificate, err := keyCertificate(k)
	switch {
	case text != "" && (k.Has("certificate-id") || k.Has("n") || k.Has("e")):
		return key, errSeveralKeys
	case err != nil:
		return key, err
	case certificate != nil:
		key, err = jwtvalidate.NewPublicKey(certificate.Leaf.PublicKey)
	case k.Has("n") || k.Has("e"):
		modulus, _ := k.String("n").Constant()
		exponent, _ := k.String("e").Constant()
		key, err = jwtvalidate.ParseRSAKey(modulus, exponent)
	default:
		key, err = jwtvalidate.ParseSymmetricKey(text)
	}
	key.ID, _ = k.String("id").Constant()
	return key, err
}

func decryptionKey(k *policy.Node) (key jwtvalidate.DecryptionKey, err error) {
	text, _ := k.Content().Constant()
	certificate, err := keyCertificate(k)
	switch {
	case text != "" && k.Has("certificate-id"):
		return key, errSeveralKeys
	case err != nil:
		return key, err
	case certificate != nil:
		key, err = certificateDecryptionKey(certificate)
	default:
		key, err = jwtvalidate.ParseDecryptionKey(text)
	}
	key.ID, _ = k.String("id").Constant()
	return key, err
}

var errNoPrivateKey = errors.New("the certificate has no private key, and only that decrypts: give its key or its PFX under certificates: in apim.yaml")

// certificateDecryptionKey takes a certificate that is not read, as for a linter, for
// one that has a private key.
func certificateDecryptionKey(c *exchange.Certificate) (jwtvalidate.DecryptionKey, error) {
	if c.PrivateKey == nil {
		if len(c.Leaf.Raw) == 0 {
			return jwtvalidate.DecryptionKey{}, nil
		}
		return jwtvalidate.DecryptionKey{}, errNoPrivateKey
	}
	return jwtvalidate.NewDecryptionKey(c.PrivateKey)
}

// readSigningKeys reads <issuer-signing-keys>; nil: there are none.
func (t *tokenRules) readSigningKeys(keys *policy.Node) error {
	return eachKey(keys, func(k *policy.Node, known bool) error {
		if !known {
			t.dynamic = append(t.dynamic, dynamicSigningKey(readKeyOperands(k)))
			return nil
		}
		key, err := signingKey(k)
		t.set(func(rules *jwtvalidate.Rules) { rules.Keys = append(rules.Keys, key) })
		return err // a fault, which Check has told
	})
}

// readDecryptionKeys reads <decryption-keys>; nil: there are none.
func (t *tokenRules) readDecryptionKeys(keys *policy.Node) error {
	return eachKey(keys, func(k *policy.Node, known bool) error {
		if !known {
			t.dynamic = append(t.dynamic, dynamicDecryptionKey(readKeyOperands(k)))
			return nil
		}
		key, err := decryptionKey(k)
		t.set(func(rules *jwtvalidate.Rules) { rules.DecryptionKeys = append(rules.DecryptionKeys, key) })
		return err
	})
}

func eachKey(keys *policy.Node, read func(k *policy.Node, known bool) error) error {
	if keys == nil {
		return nil
	}
	for _, k := range keys.ChildrenNamed("key") {
		o := readKeyOperands(k)
		if err := read(k, o.known()); err != nil {
			return err
		}
	}
	return nil
}

// evaluatedKey is what the operands of a key give for a request. n and e may be no
// expressions.
type evaluatedKey struct {
	text, id    string
	certificate *exchange.Certificate
}

func (o *keyOperands) get(r *policy.Run) (k evaluatedKey, err error) {
	values, err := policy.All(r, []policy.Operand[string]{o.text, o.id, o.certificate})
	if err != nil {
		return k, err
	}
	k.text, k.id = values[0], values[1]
	if id := values[2]; id != "" {
		if k.certificate = part.ByID(r, id); k.certificate == nil {
			f := &exchange.Failure{Status: 500}
			f.Reason, f.Message = exchange.ReasonCertificateNotFound, exchange.MessageCertificateNotFound("id", id)
			return k, f
		}
	}
	return k, nil
}

// dynamicSigningKey adds a key of which an expression gives a part. Order counts for
// what is tried first only, so it may stand behind the others.
func dynamicSigningKey(o keyOperands) func(*policy.Run, *jwtvalidate.Rules) error {
	return func(r *policy.Run, rules *jwtvalidate.Rules) error {
		k, err := o.get(r)
		if err != nil {
			return err
		}
		var key jwtvalidate.Key
		modulus, _ := o.n.Constant()
		exponent, _ := o.e.Constant()
		switch {
		case k.certificate != nil:
			key, err = jwtvalidate.NewPublicKey(k.certificate.Leaf.PublicKey)
		case modulus != "" || exponent != "":
			key, err = jwtvalidate.ParseRSAKey(modulus, exponent)
		default:
			key, err = jwtvalidate.ParseSymmetricKey(k.text)
		}
		if err != nil {
			return badKey(err)
		}
		key.ID = k.id
		rules.Keys = append(slices.Clip(rules.Keys), key)
		return nil
	}
}

func dynamicDecryptionKey(o keyOperands) func(*policy.Run, *jwtvalidate.Rules) error {
	return func(r *policy.Run, rules *jwtvalidate.Rules) error {
		k, err := o.get(r)
		if err != nil {
			return err
		}
		var key jwtvalidate.DecryptionKey
		if k.certificate != nil {
			key, err = certificateDecryptionKey(k.certificate)
		} else {
			key, err = jwtvalidate.ParseDecryptionKey(k.text)
		}
		if err != nil {
			return badKey(err)
		}
		key.ID = k.id
		rules.DecryptionKeys = append(slices.Clip(rules.DecryptionKeys), key)
		return nil
	}
}

// badKey is the failure of what an expression gave for a key.
func badKey(err error) error {
	f := &exchange.Failure{Status: 500, Err: err, Detail: err.Error()}
	f.Reason, f.Message = exchange.ReasonExpressionEvaluation, exchange.MessageEvaluationFailed("What it gave is no key that can be used.")
	return f
}
