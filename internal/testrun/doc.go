// Package testrun runs the tests of *.test.yaml files: requests through a service or a
// single policy document, with everything around the gateway played in process. No test
// opens a socket, sleeps, or writes a file.
//
// A file is read into a [File] of tests ([Read]), whose service is loaded and compiled
// once ([File.Load]). Each test gets a [World]: a clock of its own that who waits on it
// moves forward, a store, a trace recorder, token validation, and the emulated parties.
// [Run] runs the tests of many files beside one another and reports in their order.
package testrun
