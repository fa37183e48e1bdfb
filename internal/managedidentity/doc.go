// Package managedidentity is an emulated managed identity endpoint for programs
// under test. It protects nothing: whoever has the header's secret, or reaches the
// instance metadata shape at all, gets a token. Its tokens come from an [Issuer] of
// the emulator and must never be trusted outside it.
//
// A [Server] answers in two shapes, told apart by the path:
//
//	/msi/token                       App Service (IDENTITY_ENDPOINT, IDENTITY_HEADER)
//	/metadata/identity/oauth2/token  virtual machines (IMDS, 169.254.169.254), also
//	                                 as a proxy's request for that address
//
// Whatever can't be answered is a 400, never a 404: clients retry a 404 for up to a
// minute. The facts are in the project's specification, page identity.md section 2;
// what it leaves open is marked "chosen".
package managedidentity
