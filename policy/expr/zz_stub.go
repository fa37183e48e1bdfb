package expr

var (
	_ = declare("abstract class System.IO.TextReader")
	_ = declare("abstract class System.IO.TextWriter")
)
