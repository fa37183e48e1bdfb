// Package bench measures the emulator beside others that do the same. It is a
// module of its own, so that what it measures against never enters the product's.
package bench
