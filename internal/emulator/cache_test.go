package emulator

import (
	"net"
	"testing"

	"github.com/alicebob/miniredis/v2"
)

// counting is a policy that answers with the number of its call, which the cache keeps.
func counting(attributes string) string {
	return document(`<cache-lookup-value key="n" variable-name="n" default-value="@(0)" ` + attributes + `/>
<cache-store-value key="n" value="@((int)context.Variables["n"] + 1)" duration="60" ` + attributes + `/>
<return-response><set-body>@(context.Variables["n"].ToString())</set-body></return-response>`)
}

// What is in the built-in cache is there after a reload, and gone after a start; what is
// in the external one outlives both.
func TestCacheAcrossReloads(t *testing.T) {
	redis := miniredis.RunT(t)
	service := "cache: {connectionString: \"" + redis.Addr() + ",password=\"}\n" + sayingService
	for attributes, again := range map[string]string{`caching-type="internal" `: "0", `caching-type="external" `: "2"} {
		l := newLab(t, files{"apim.yaml": service, "policy.xml": counting(attributes)}, withWatch)
		l.checkSays("0")
		l.replace("policy.xml", counting(attributes+`id="a" `))
		l.log.await(t, reloaded)
		l.checkSays("1")
		second := newLab(t, files{"apim.yaml": service, "policy.xml": counting(attributes)}, withWatch)
		second.checkSays(again)
	}
}

// A cache that does not answer fails no request.
func TestCacheGone(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := listener.Addr().String()
	listener.Close()
	l := newLab(t, files{"apim.yaml": "cache: {connectionString: \"" + gone + "\"}\n" + sayingService, "policy.xml": counting("")})
	l.checkSays("0")
	l.checkSays("0")
}
