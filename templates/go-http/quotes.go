package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// quotes is another service that this one asks; it may be away, and this one then answers without it.
type quotes struct {
	// As in QUOTES_URL, for example http://quotes.internal:8080; empty = there is none.
	address string
	client  *http.Client
	spans   *spans
}

type quote struct {
	Text   string `json:"text"`
	Author string `json:"author"`
}

const (
	quoteTimeout = 2 * time.Second
	quoteLimit   = 64 * 1024
)

// today asks for the day's quote. The caller's trace and baggage go with the question.
func (q quotes) today(ctx context.Context) (*quote, error) {
	if q.address == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, quoteTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(q.address, "/")+"/quotes/today", nil)
	if err != nil {
		return nil, err
	}
	t, _ := traceFrom(ctx)
	one := span{trace: t, spanID: randomHex(8), parentID: t.spanID, name: "GET /quotes/today", kind: kindClient, start: time.Now()}
	t.passOn(request.Header, one.spanID)
	found, status, err := q.ask(request)
	one.end, one.status = time.Now(), status
	if err != nil {
		one.problem = err.Error()
	}
	q.spans.add(one)
	return found, err
}

func (q quotes) ask(request *http.Request) (*quote, int, error) {
	response, err := q.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, response.StatusCode, fmt.Errorf("%s answered %s", request.URL, response.Status)
	}
	var found quote
	if err := json.NewDecoder(io.LimitReader(response.Body, quoteLimit)).Decode(&found); err != nil {
		return nil, response.StatusCode, fmt.Errorf("%s did not answer with a quote: %w", request.URL, err)
	}
	return &found, response.StatusCode, nil
}
