// Package entra is an emulated Microsoft Entra ID for programs under test. It is
// not an identity provider: anybody who reaches it can sign in as anybody, and a
// token of it must never be trusted outside the emulator. Its certificates, pages
// and discovery documents say so.
//
// A [Server] plays the authority's public side (discovery, keys, sign-in, device
// code, tokens) for whatever host name a request came by, so that the real client
// libraries (MSAL, azidentity) and the real verifiers work against it unchanged.
// The owner of the emulator has another side, reached by Go calls or by
// [Server.Management]: mint any token, also a broken one, roll the keys, make the
// endpoints fail.
//
// How a request travels:
//
//	ServeHTTP ─ tenant and route ─┬─ discovery, keys, instance, user realm
//	                              ├─ authorize ─ sign-in page ─ code ──┐
//	                              ├─ device code ─ device page ────────┤
//	                              └─ token ─ client ─ grant ───────────┴─ claims ─ signed token
//
// The facts it follows are in the project's specification, page identity.md;
// comments name the section. What that page leaves open is marked "chosen".
package entra
