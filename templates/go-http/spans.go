package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Kinds of a span, as OTLP numbers them.
const (
	kindServer = 2
	kindClient = 3
)

type span struct {
	trace    trace
	spanID   string
	parentID string
	name     string
	kind     int
	start    time.Time
	end      time.Time
	status   int
	// Why there is no status; empty = there is one.
	problem string
}

const (
	spanBatch   = 512
	spanBuffer  = 4096
	spanPause   = time.Second
	spanTimeout = 5 * time.Second
)

// spans sends what requests did to a collector, as OTLP over HTTP in JSON. It is never in a request's way: what a slow or
// absent collector does not take is dropped. The zero value keeps and sends nothing.
type spans struct {
	endpoint string
	resource any
	log      *slog.Logger
	queue    chan span
	done     chan struct{}
	once     sync.Once
}

// newSpans reads the address that every OpenTelemetry library reads: a collector's, without /v1/traces. Empty = none.
func newSpans(endpoint, service, version, instance string, log *slog.Logger) *spans {
	if endpoint == "" {
		return &spans{}
	}
	resource := attributes("service.name", service, "service.version", version, "service.instance.id", instance)
	s := &spans{
		endpoint: strings.TrimRight(endpoint, "/") + "/v1/traces",
		resource: map[string]any{"attributes": resource},
		log:      log,
		queue:    make(chan span, spanBuffer),
		done:     make(chan struct{}),
	}
	go s.run()
	return s
}

func (s *spans) add(one span) {
	if s.queue == nil || !one.trace.isSampled() {
		return
	}
	select {
	case s.queue <- one:
	default:
	}
}

// close sends what is left, for as long as one sending may take. No span may be added afterwards.
func (s *spans) close() {
	if s.queue == nil {
		return
	}
	s.once.Do(func() { close(s.queue) })
	select {
	case <-s.done:
	case <-time.After(spanTimeout):
	}
}

func (s *spans) run() {
	defer close(s.done)
	isAway := false
	for first := range s.queue {
		batch := s.gather(first)
		err := s.send(batch)
		// Told when it changes, not every second.
		if err != nil && !isAway {
			s.log.Warn("spans cannot be sent", "endpoint", s.endpoint, "error", err.Error())
		} else if err == nil && isAway {
			s.log.Info("spans are sent again", "endpoint", s.endpoint)
		}
		isAway = err != nil
	}
}

// gather waits a moment for more, so that a busy service sends few large batches.
func (s *spans) gather(first span) []span {
	batch := []span{first}
	pause := time.After(spanPause)
	for len(batch) < spanBatch {
		select {
		case next, isOpen := <-s.queue:
			if !isOpen {
				return batch
			}
			batch = append(batch, next)
		case <-pause:
			return batch
		}
	}
	return batch
}

func (s *spans) send(batch []span) error {
	body, err := json.Marshal(map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   s.resource,
		"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "http"}, "spans": mapped(batch)}},
	}}})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), spanTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	io.Copy(io.Discard, io.LimitReader(response.Body, 64*1024))
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answered %s", response.Status)
	}
	return nil
}

func mapped(batch []span) []any {
	all := make([]any, 0, len(batch))
	for _, one := range batch {
		fields := map[string]any{
			"traceId":           one.trace.traceID,
			"spanId":            one.spanID,
			"parentSpanId":      one.parentID,
			"name":              one.name,
			"kind":              one.kind,
			"startTimeUnixNano": strconv.FormatInt(one.start.UnixNano(), 10),
			"endTimeUnixNano":   strconv.FormatInt(one.end.UnixNano(), 10),
			"attributes":        attributes("http.response.status_code", one.status, "sluice.request_id", one.trace.requestID),
		}
		if one.problem != "" || one.status >= 500 {
			fields["status"] = map[string]any{"code": 2, "message": one.problem}
		}
		all = append(all, fields)
	}
	return all
}

func attributes(pairs ...any) []any {
	list := []any{}
	for at := 0; at < len(pairs); at += 2 {
		var value map[string]any
		switch given := pairs[at+1].(type) {
		case int:
			value = map[string]any{"intValue": strconv.Itoa(given)}
		default:
			value = map[string]any{"stringValue": given}
		}
		list = append(list, map[string]any{"key": pairs[at], "value": value})
	}
	return list
}
