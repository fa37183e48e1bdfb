package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A target is a proxy to measure.
type target struct {
	name string
	// work says what it does with a request.
	work string
	// jwt says that it is to refuse a bad token with 401, and to send X-User and the
	// identity's token to the backend if full is set, too.
	jwt, full bool
	// events says that it passes events on as they come.
	events bool
	// command is the program and its arguments; environment is set besides. The address to
	// listen at is part of both.
	command func(listen string) (args, environment []string, err error)
	process *process
}

// A process is a target that runs, on the core of its own.
type process struct {
	command *exec.Cmd
	address string
	output  *bytes.Buffer
}

// start runs a target's program. It may not listen yet.
func (t *target) start(core int) (*process, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args, environment, err := t.command(listen)
	if err != nil {
		return nil, err
	}
	p := &process{address: listen, output: new(bytes.Buffer)}
	p.command = exec.Command(args[0], args[1:]...)
	p.command.Env = append(os.Environ(), environment...)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	if err := onCore(core, p.command.Start); err != nil {
		return nil, err
	}
	return p, nil
}

// onCore has what start starts run on one core. A thread's cores are those of its children,
// so no other program, which would take part of a start's time, has to stand between.
func onCore(core int, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	return errors.Join(start(), unix.SchedSetaffinity(0, &before))
}

// The ports that targets listen at: below those that Linux gives to connections, one of
// which could take a target's before it listens.
const (
	firstPort = 20000
	ports     = 10000
)

// freeAddress is one that nobody listens at.
func freeAddress() (string, error) {
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(ports)))
		if err == nil {
			return l.Addr().String(), l.Close()
		}
	}
	return "", fmt.Errorf("no port from %d to %d is free", firstPort, firstPort+ports-1)
}

// pid is the program's.
func (p *process) pid() int { return p.command.Process.Pid }

// stop ends the process and waits for it.
func (p *process) stop() {
	_ = p.command.Process.Kill() // it may have ended
	_ = p.command.Wait()         // "killed" is no error here
}

// said is the end of what the process printed, for a message.
func (p *process) said() string {
	lines := strings.Split(strings.TrimSpace(p.output.String()), "\n")
	return strings.Join(lines[max(len(lines)-3, 0):], "; ")
}

// longestStart is how long a program may take until it listens.
const longestStart = 20 * time.Second

// listening waits until the process takes connections.
func (p *process) listening() error {
	for end := time.Now().Add(longestStart); time.Now().Before(end); {
		c, err := net.Dial("tcp", p.address)
		if err == nil {
			return c.Close()
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("it does not listen")
}

// installed is the path of a program, "" if it isn't there. Debian has servers in sbin, which
// is not on everybody's path.
func installed(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	path := filepath.Join("/usr/sbin", name)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// once sends one request outside of any measurement, while the loop turns, and gives the
// answer's status and body.
func once(l *loop, address string, request []byte) (status string, body []byte, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		status, body, err = ask(address, request)
	}()
	l.load = &load{}
	for {
		select {
		case <-done:
			return status, body, err
		default:
			if err := l.turn(time.Millisecond); err != nil {
				return "", nil, err
			}
		}
	}
}

// ask is a request by a connection of its own.
func ask(address string, request []byte) (status string, body []byte, err error) {
	answer, err := exchange(address, request)
	if err != nil {
		return "", nil, err
	}
	line, _, _ := bytes.Cut(answer, []byte("\r\n"))
	_, after, _ := bytes.Cut(line, []byte(" "))
	code, _, _ := bytes.Cut(after, []byte(" "))
	_, body, _ = bytes.Cut(answer, endOfHead)
	return string(code), body, nil
}

// exchange gives the answer as it comes, as much as its head says.
func exchange(address string, request []byte) ([]byte, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(longestStart)); err != nil {
		return nil, err
	}
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	var answer []byte
	for buffer := make([]byte, 4096); ; {
		n, err := c.Read(buffer)
		answer = append(answer, buffer[:n]...)
		end := bytes.Index(answer, endOfHead)
		if end >= 0 && len(answer)-end-len(endOfHead) >= max(contentLength(answer[:end+len(endOfHead)]), 0) {
			return answer, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
