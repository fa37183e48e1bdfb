package edge

// Poison has memory spoilt that is about to be used again.
func Poison() {
	poison = func(b []byte) {
		for i := range b {
			b[i] = 0xdb
		}
	}
}
