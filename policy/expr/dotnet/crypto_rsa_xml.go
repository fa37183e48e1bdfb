package dotnet

import (
	"encoding/base64"
	"encoding/xml"
	"io"
	"strings"
)

// rsaField is a field of RSAParameters, and how RSA.ToXmlString writes it.
type rsaField struct {
	name string
	of   func(*RSAParameters) *[]byte
}

var rsaFields = []rsaField{
	{"Modulus", func(p *RSAParameters) *[]byte { return &p.Modulus }}, {"Exponent", func(p *RSAParameters) *[]byte { return &p.Exponent }},
	{"P", func(p *RSAParameters) *[]byte { return &p.P }}, {"Q", func(p *RSAParameters) *[]byte { return &p.Q }},
	{"DP", func(p *RSAParameters) *[]byte { return &p.DP }}, {"DQ", func(p *RSAParameters) *[]byte { return &p.DQ }},
	{"InverseQ", func(p *RSAParameters) *[]byte { return &p.InverseQ }}, {"D", func(p *RSAParameters) *[]byte { return &p.D }},
}

// RSAField is a field of the parameters by its name; nil if there is none.
func (p *RSAParameters) RSAField(name string) *[]byte {
	for _, f := range rsaFields {
		if f.name == name {
			return f.of(p)
		}
	}
	return nil
}

// XML is RSA.ToXmlString.
func (p RSAParameters) XML() string {
	var b strings.Builder
	b.WriteString("<RSAKeyValue>")
	for _, f := range rsaFields {
		if v := *f.of(&p); v != nil {
			b.WriteString("<" + f.name + ">" + base64.StdEncoding.EncodeToString(v) + "</" + f.name + ">")
		}
	}
	b.WriteString("</RSAKeyValue>")
	return b.String()
}

// ParseRSAParameters reads what XML writes: RSA.FromXmlString.
func ParseRSAParameters(s string) (RSAParameters, error) {
	var p RSAParameters
	d := xml.NewDecoder(strings.NewReader(s))
	var into *[]byte
	var seen bool
	for {
		token, err := d.Token()
		if err == io.EOF && seen {
			break
		}
		if err != nil {
			return p, CryptographicException("The provided XML could not be read.")
		}
		switch t := token.(type) {
		case xml.StartElement:
			seen = seen || t.Name.Local == "RSAKeyValue"
			into = p.RSAField(t.Name.Local)
		case xml.CharData:
			if into == nil {
				continue
			}
			b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(t)), ""))
			if err != nil {
				return p, Format("The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.")
			}
			*into = b
		case xml.EndElement:
			into = nil
		}
	}
	if !seen || p.Modulus == nil || p.Exponent == nil {
		return p, CryptographicException("Input string does not contain a valid encoding of the 'RSA' 'Modulus' parameter.")
	}
	return p, nil
}
