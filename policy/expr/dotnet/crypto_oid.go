package dotnet

import "strings"

// oidNames are the object identifiers that have a friendly name, each with it and
// with other names that stand for it. They are those of .NET on Linux: Windows
// names extensions otherwise.
const oidNames = `
1.2.840.113549.1.1.1 RSA,rsaEncryption
1.2.840.113549.1.1.4 md5RSA
1.2.840.113549.1.1.5 sha1RSA
1.2.840.113549.1.1.7 RSAES_OAEP
1.2.840.113549.1.1.8 mgf1
1.2.840.113549.1.1.10 RSASSA-PSS
1.2.840.113549.1.1.11 sha256RSA
1.2.840.113549.1.1.12 sha384RSA
1.2.840.113549.1.1.13 sha512RSA
1.2.840.10040.4.1 DSA
1.2.840.10040.4.3 sha1DSA
1.2.840.10045.2.1 ECC
1.2.840.10045.3.1.7 ECDSA_P256
1.2.840.10045.4.1 sha1ECDSA
1.2.840.10045.4.3.2 sha256ECDSA
1.2.840.10045.4.3.3 sha384ECDSA
1.2.840.10045.4.3.4 sha512ECDSA
1.3.132.0.34 ECDSA_P384
1.3.132.0.35 ECDSA_P521
1.3.101.110 X25519
1.3.101.112 ED25519
1.2.840.113549.2.5 md5
1.3.14.3.2.26 sha1
2.16.840.1.101.3.4.2.1 sha256
2.16.840.1.101.3.4.2.2 sha384
2.16.840.1.101.3.4.2.3 sha512
2.16.840.1.101.3.4.1.2 aes128
2.16.840.1.101.3.4.1.22 aes192
2.16.840.1.101.3.4.1.42 aes256
1.2.840.113549.3.7 3des
1.3.14.3.2.7 des
2.5.4.3 CN,commonName
2.5.4.4 SN,surname
2.5.4.5 SERIALNUMBER
2.5.4.6 C,countryName
2.5.4.7 L,localityName
2.5.4.8 S,ST,stateOrProvinceName
2.5.4.9 STREET,streetAddress
2.5.4.10 O,organizationName
2.5.4.11 OU,organizationalUnitName
2.5.4.12 T,title
2.5.4.13 Description
2.5.4.17 PostalCode
2.5.4.42 G,GN,givenName
2.5.4.43 I,initials
2.5.4.46 dnQualifier
2.5.4.97 organizationIdentifier
0.9.2342.19200300.100.1.1 userId,UID
0.9.2342.19200300.100.1.25 DC,domainComponent
1.2.840.113549.1.9.1 E,emailAddress
1.2.840.113549.1.9.14 Extension Request
1.2.840.113549.1.7.1 pkcs7-data
1.2.840.113549.1.7.2 pkcs7-signedData
2.5.29.14 X509v3 Subject Key Identifier,subjectKeyIdentifier
2.5.29.15 X509v3 Key Usage,keyUsage
2.5.29.16 X509v3 Private Key Usage Period
2.5.29.17 X509v3 Subject Alternative Name,subjectAltName
2.5.29.18 X509v3 Issuer Alternative Name,issuerAltName
2.5.29.19 X509v3 Basic Constraints,basicConstraints
2.5.29.20 X509v3 CRL Number
2.5.29.30 X509v3 Name Constraints,nameConstraints
2.5.29.31 X509v3 CRL Distribution Points,crlDistributionPoints
2.5.29.32 X509v3 Certificate Policies,certificatePolicies
2.5.29.35 X509v3 Authority Key Identifier,authorityKeyIdentifier
2.5.29.36 X509v3 Policy Constraints
2.5.29.37 X509v3 Extended Key Usage,extendedKeyUsage
1.3.6.1.5.5.7.1.1 Authority Information Access,authorityInfoAccess
1.3.6.1.5.5.7.3.1 TLS Web Server Authentication,serverAuth
1.3.6.1.5.5.7.3.2 TLS Web Client Authentication,clientAuth
1.3.6.1.5.5.7.3.3 Code Signing,codeSigning
1.3.6.1.5.5.7.3.4 E-mail Protection,emailProtection
1.3.6.1.5.5.7.3.8 Time Stamping,timeStamping
1.3.6.1.5.5.7.3.9 OCSP Signing,OCSPSigning
1.3.6.1.4.1.311.20.2.3 Microsoft User Principal Name
1.3.6.1.4.1.11129.2.4.2 CT Precertificate SCTs
`

// OidName is the friendly name of an object identifier; "" if it has none.
func OidName(value string) string {
	for line := range strings.Lines(oidNames) {
		if names, ok := strings.CutPrefix(line, value+" "); ok {
			name, _, _ := strings.Cut(strings.TrimSpace(names), ",")
			return name
		}
	}
	return ""
}

// OidValue is the object identifier of a friendly name, whatever its case; "" if
// there is none.
func OidValue(name string) string {
	for line := range strings.Lines(oidNames) {
		value, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		for known := range strings.SplitSeq(names, ",") {
			if name != "" && strings.EqualFold(known, name) {
				return value
			}
		}
	}
	return ""
}
