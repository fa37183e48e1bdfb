// Command krakend is KrakenD's router with its validator of tokens, put together from their
// modules as KrakenD's own program puts them together. compare measures it as a peer.
//
//	krakend CONFIGURATION
package main

import (
	"fmt"
	"os"

	"github.com/gin-gonic/gin"
	jose "github.com/krakend/krakend-jose/v2/gin"
	"github.com/luraproject/lura/v2/config"
	"github.com/luraproject/lura/v2/logging"
	"github.com/luraproject/lura/v2/proxy"
	router "github.com/luraproject/lura/v2/router/gin"
	"github.com/luraproject/lura/v2/transport/http/server"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "krakend:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: krakend CONFIGURATION")
	}
	service, err := config.NewParser().Parse(os.Args[1])
	if err != nil {
		return err
	}
	logger, err := logging.NewLogger("ERROR", os.Stderr, "")
	if err != nil {
		return err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(gin.Recovery())
	router.NewFactory(router.Config{
		Engine:         engine,
		ProxyFactory:   proxy.DefaultFactory(logger),
		HandlerFactory: jose.HandlerFactory(router.EndpointHandler, logger, nil),
		RunServer:      server.RunServer,
		Logger:         logger,
	}).New().Run(service)
	return nil
}
