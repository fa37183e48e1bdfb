package startup

import (
	"runtime"
	"syscall"
	"unsafe"
)

// What packages initialise comes to some megabytes, which the system would hand out in pages
// of 4 kB, each after a fault of its own: a twelfth of a start. So the heap goes on in a huge
// page, where the system has one to give.

const (
	hugePage  = 2 << 20
	largePage = 64 << 10 // at least a page of any architecture
)

// useHugePage has what is allocated from here on lie in a huge page, and gives its address. Up
// to there the heap is filled with memory that nobody touches, so that it costs nothing, and
// that the first collection frees.
func useHugePage() (address uintptr) {
	address = endOf(make([]byte, 2*largePage))
	if rest := -address & (hugePage - 1); rest > 0 {
		address = endOf(make([]byte, rest))
	}
	// Where the heap ended there, it is mapped as it grows, and only then is there memory to advise.
	runtime.KeepAlive(make([]byte, 2*largePage))
	// Where that fails, pages are small.
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, address, hugePage, syscall.MADV_HUGEPAGE)
	return address
}

// endOf is where memory of whole pages ends.
func endOf(memory []byte) uintptr {
	return uintptr(unsafe.Pointer(unsafe.SliceData(memory))) + uintptr(len(memory))
}
