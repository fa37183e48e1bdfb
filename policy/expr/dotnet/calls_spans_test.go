package dotnet

import "fmt"

func init() {
	register("TimeSpan.ToString", func(a []string) (any, error) { return boxed(span(a[0]).ToString(a[1])) })
	register("TimeSpan.Parts", func(a []string) (any, error) {
		t := span(a[0])
		text := ""
		for _, total := range []float64{t.TotalDays(), t.TotalHours(), t.TotalMinutes(), t.TotalSeconds(), t.TotalMilliseconds()} {
			text += ToString(total) + " "
		}
		return text + fmt.Sprint(t.Days(), t.Hours(), t.Minutes(), t.Seconds(), t.Milliseconds()), nil
	})
	factories := map[string]func(float64) (TimeSpan, error){
		"Days": TimeSpanFromDays, "Hours": TimeSpanFromHours, "Minutes": TimeSpanFromMinutes,
		"Seconds": TimeSpanFromSeconds, "Milliseconds": TimeSpanFromMilliseconds,
	}
	for name, from := range factories {
		register("TimeSpan.From"+name, func(a []string) (any, error) { return spanResult(from(double(a[0]))) })
	}
	register("TimeSpan.New", func(a []string) (any, error) {
		var p [5]int32
		for i := range p {
			p[i] = integer[int32](a[i])
		}
		return spanResult(NewTimeSpan(p[0], p[1], p[2], p[3], p[4]))
	})
	register("TimeSpan.Add", func(a []string) (any, error) { return spanResult(span(a[0]).Add(span(a[1]))) })
	register("TimeSpan.Subtract", func(a []string) (any, error) { return spanResult(span(a[0]).Subtract(span(a[1]))) })
	register("TimeSpan.Negate", func(a []string) (any, error) { return spanResult(span(a[0]).Negate()) })
	register("TimeSpan.Duration", func(a []string) (any, error) { return spanResult(span(a[0]).Duration()) })
	register("TimeSpan.Multiply", func(a []string) (any, error) { return spanResult(span(a[0]).Multiply(double(a[1]))) })
	register("TimeSpan.Divide", func(a []string) (any, error) { return spanResult(span(a[0]).Divide(double(a[1]))) })
	register("TimeSpan.DivideBy", func(a []string) (any, error) { return span(a[0]).DivideBy(span(a[1])), nil })
	register("TimeSpan.Parse", func(a []string) (any, error) { return spanResult(ParseTimeSpan(a[0])) })
	register("TimeSpan.ParseExact", func(a []string) (any, error) {
		return spanResult(ParseTimeSpanExact(a[0], a[2:], TimeSpanStyles(integer[int32](a[1]))))
	})
	guidCalls()
}

func guidCalls() {
	register("Guid.Parse", func(a []string) (any, error) { return boxed(ParseGuid(a[0])) })
	register("Guid.ParseExact", func(a []string) (any, error) { return boxed(ParseGuidExact(a[0], a[1])) })
	register("Guid.ToString", func(a []string) (any, error) { return boxed(parsed(ParseGuid(a[0])).ToString(a[1])) })
	register("Guid.CompareTo", func(a []string) (any, error) {
		return int32(parsed(ParseGuid(a[0])).Compare(parsed(ParseGuid(a[1])))), nil
	})
	register("Guid.Bytes", func(a []string) (any, error) {
		b := parsed(ParseGuid(a[0])).ToByteArray()
		return BytesToString(b) + " " + parsed(GuidFromBytes(b)).String(), nil
	})
	register("Guid.FromBytes", func(a []string) (any, error) { return boxed(GuidFromBytes(make([]byte, integer[int32](a[0])))) })
	register("Guid.FromParts", func(a []string) (any, error) {
		return GuidFromParts(integer[int32](a[0]), integer[int16](a[1]), integer[int16](a[2]), [8]byte{1, 2, 3, 4, 5, 6, 7, 8}), nil
	})
}

func spanResult(t TimeSpan, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return t.Ticks(), nil
}
