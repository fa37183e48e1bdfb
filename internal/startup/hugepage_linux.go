package startup

import (
	"syscall"
	"unsafe"
)

// What packages initialise and a start reads comes to some megabytes, which the system would
// hand out in pages of 4 kB, each after a fault of its own. So the heap goes on in two huge
// pages, where the system has any to give.

const (
	hugePages = 2 * (2 << 20) // two, and by how much the heap grows
	piece     = 512 << 10
	most      = 3 * hugePages / piece
)

// useHugePages has what is allocated from here on lie in huge pages, and gives their address,
// 0 if it found no place. Up to there the heap is filled with memory that nobody touches, so
// that it costs nothing, and that the first collection frees: in pieces, as other goroutines
// may have allocated in between.
func useHugePages() (address uintptr) {
	top := endOf(reserve)
	for range most {
		end := endOf(make([]byte, piece))
		// The heap is mapped as it grows, so there is memory to advise once a piece lies in it.
		if over := end % hugePages; end > top && 0 < over && over <= piece {
			address = end - over
			// Where that fails, pages are small.
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, address, hugePages, syscall.MADV_HUGEPAGE)
			return address
		}
		top = max(top, end)
	}
	return 0
}

// endOf is where memory of whole pages ends.
func endOf(memory []byte) uintptr {
	return uintptr(unsafe.Pointer(unsafe.SliceData(memory))) + uintptr(len(memory))
}
