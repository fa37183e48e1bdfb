// Command compare measures the gateway beside a bare httputil.ReverseProxy and beside
// other proxies, and writes down the ratios.
//
// Each proxy is a process of its own on one core; this process is on another,
// and is everything around them: the load, the backend, the issuer, the managed identity.
// Rounds take turns, so that whatever else the machine does meets all; a ratio is always
// taken within a round. ../run.sh builds what there is and runs it.
//
// A picture of the files: measure.go says what a round is, target.go what a proxy is,
// targets.go which there are, and serve_*.go are those that live in this program. loop.go
// is load and backend in one thread; stub.go the issuer and the identity. single.go measures
// starts and large services. goals.go holds what is aimed at, report.go how it is told.
//
// It builds on Linux alone: epoll, affinity and /proc are what it measures with.
package main
