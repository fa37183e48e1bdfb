package emulator

import "github.com/apimulator/apimulator/policy/exchange"

// wallClock is the operating system's time, for deadlines of sockets.
var wallClock = exchange.System.Now
