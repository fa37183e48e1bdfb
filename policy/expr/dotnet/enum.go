package dotnet

import "strconv"

// enumName is ToString of an enum without flags: the member's name, or the
// number if none has it.
func enumName(v int64, names []string) string {
	if v >= 0 && v < int64(len(names)) && names[v] != "" {
		return names[v]
	}
	return strconv.FormatInt(v, 10)
}
