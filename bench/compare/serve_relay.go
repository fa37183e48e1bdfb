package main

import (
	"io"
	"net"
)

// serveRelay passes bytes both ways and looks at none: about the least a proxy can cost,
// by which one sees that the load is not what is measured.
func serveRelay(listen, backend string) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	for {
		client, err := l.Accept()
		if err != nil {
			return err
		}
		go relay(client, backend)
	}
}

func relay(client net.Conn, backend string) {
	defer client.Close()
	server, err := net.Dial("tcp", backend)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer server.Close()
		pass(server, client)
	}()
	pass(client, server)
}

// pass copies with read and write: io.Copy would splice, which costs more for messages
// as short as these.
func pass(to io.Writer, from io.Reader) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
