package trace

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// print shows what was asked of the token first, since that is why it was refused, and
// then what it says.
func (t *Token) print(p *printer, level int) {
	about := []string{"Token in " + t.Place}
	for _, m := range []member{{"alg", t.Algorithm}, {"kid", t.KeyID}, {"typ", t.Type}} {
		if m.value != "" {
			about = append(about, m.name+" "+m.value)
		}
	}
	p.line(level, beside+strings.Join(about, ", "))
	if t.KeySet != "" {
		p.line(level, beside+"verified by "+t.Key+", of "+t.KeySet)
	}
	for _, c := range t.Checks {
		p.line(level+1, beside+c.String())
	}
	if len(t.Claims) > 0 {
		p.line(level, beside+"Its claims:")
	}
	for _, c := range t.Explained() {
		line := c.Name + " = " + short(c.Value)
		if c.Meaning != "" {
			line += "  (" + c.Meaning + ")"
		}
		p.line(level+1, beside+line)
	}
	if t.DroppedClaims > 0 {
		p.line(level+1, fmt.Sprintf("%s(%d more claims were not kept)", beside, t.DroppedClaims))
	}
}

// String tells the check in a line.
func (c *Check) String() string {
	result := "passed  "
	if !c.Passed {
		result = "FAILED  "
	}
	line := result + c.Name + ": found " + short(c.Found) + "; wanted " + short(c.Wanted)
	if c.Remark != "" {
		line += "  (" + c.Remark + ")"
	}
	return line
}

func (c *Call) print(p *printer, level int) {
	p.line(level, beside+c.String())
	for _, n := range c.Notes {
		p.line(level+1, beside+n)
	}
}

// String tells the call in a line.
func (c *Call) String() string {
	line := c.Method + " " + short(c.URL) + " -> " + c.Result()
	if c.Unfinished {
		line += ", still under way"
	} else {
		line += " in " + round(c.Elapsed).String()
	}
	if c.Connection != nil {
		line += "  (" + c.Connection.String() + ")"
	}
	return line
}

// Result is what came back: the status, why nothing did, or both where a response broke
// off.
func (c *Call) Result() string {
	switch {
	case c.Status == 0:
		return cmp.Or(c.Fault, "no response yet")
	case c.Fault != "":
		return fmt.Sprintf("%d, broken off: %s", c.Status, c.Fault)
	}
	return fmt.Sprint(c.Status)
}

// String tells where the call went and what took how long.
func (c *Connection) String() string {
	var parts []string
	switch {
	case c.Reused:
		parts = append(parts, c.Address+" again")
	case c.Address != "":
		parts = append(parts, c.Address)
	}
	if c.Protocol != "" {
		parts = append(parts, c.Protocol)
	}
	for _, phase := range []struct {
		name string
		took time.Duration
	}{{"DNS", c.DNS}, {"connect", c.Connect}, {"TLS", c.TLS}, {"first byte", c.FirstByte}} {
		if phase.took > 0 {
			parts = append(parts, phase.name+" "+round(phase.took).String())
		}
	}
	return strings.Join(parts, ", ")
}
