package dotnet

// latin1From are characters beyond Latin-1 for which .NET writes a similar one of
// ASCII; latin1To are those, in the same order.
const (
	latin1From = "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃń" +
		"ŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžƀƉƑƒƗƚƟƠơ" +
		"ƫƮƯưƶǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǤǥǦǧǨǩǪǫǬǭǰɡʹʺʼ˄ˆˈˋˍ˜\u0300\u0302\u0303\u030E\u0331\u0332\u2000\u2001\u2002\u2003\u2004\u2005\u2006‐‑–—‘’‚" +
		"“”„•…′‵‹›™"
	latin1To = "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjKkLlLlLlLlNn" +
		"NnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzbDFfIlOOo" +
		"tTUuzAaIiOoUuUuUuUuUuAaGgGgKkOoOojg'\"'^^'`_~`^~\"__       ----''," +
		"\"\"\"..'`<>T"
)

// latin1Similar is a character of Latin-1 that looks like r.
func latin1Similar(r rune) (rune, bool) {
	if r >= 0xFF01 && r <= 0xFF5E { // the wide forms of ASCII
		return r - 0xFEE0, true
	}
	i := 0
	for _, from := range latin1From {
		if from == r {
			return rune(latin1To[i]), true
		}
		i++
	}
	return 0, false
}
