// Command almanac says which moon there is, and asks another service for the day's quote.
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Sluice kills 10 s after it has asked.
const stopTimeout = 8 * time.Second

func main() {
	log := newLog(os.Stdout)
	instance, _ := os.Hostname()
	version := variable("VERSION", "dev")
	service := variable("OTEL_SERVICE_NAME", "almanac")
	sent := newSpans(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), service, version, instance, log)
	server := &http.Server{
		Addr: "0.0.0.0:" + variable("PORT", "8080"),
		Handler: newHandler(options{
			version: version, instance: instance, now: time.Now, log: log, spans: sent,
			quotes: quotes{address: os.Getenv("QUOTES_URL"), client: http.DefaultClient, spans: sent},
		}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	asked, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	log.Info("listening", "address", server.Addr)
	select {
	case err := <-ended:
		log.Error("cannot listen", "address", server.Addr, "error", err.Error())
		os.Exit(1)
	case <-asked.Done():
	}
	// Sluice takes an instance out of the traffic and waits for its requests before it sends SIGTERM. What is still open
	// then (a direct client) is finished here: no new connections, idle ones closed, and the process ends with the last.
	log.Info("stopping")
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if err != nil {
		log.Warn("requests were cut", "error", err.Error())
	} else {
		// Only then: a request that still runs may add a span.
		sent.close()
	}
	if ended := <-ended; !errors.Is(ended, http.ErrServerClosed) {
		log.Error("the server ended badly", "error", ended.Error())
	}
	log.Info("stopped")
}

func variable(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
