package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

// trace is what one request carries through all services: whose it is, and where in its way it is.
// https://www.w3.org/TR/trace-context/ and https://www.w3.org/TR/baggage/
type trace struct {
	requestID string
	traceID   string
	// The span of the caller; empty where the way begins here.
	parentID string
	// This service's own span, the parent of what it calls.
	spanID string
	flags  string
	state  string
	// Kept as it came: lanes and experiments are told by it.
	baggage string
}

var (
	traceparent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$`)
	requestID   = regexp.MustCompile(`^[A-Za-z0-9._:/+=-]{1,128}$`)
)

// maxBaggage is what the recommendation asks everybody to pass on.
const maxBaggage = 8192

// traceOf continues the caller's trace; without one, or with one that is not well-formed, a new one begins.
func traceOf(header http.Header) trace {
	own := trace{requestID: header.Get("X-Request-Id"), spanID: randomHex(8)}
	if !requestID.MatchString(own.requestID) {
		own.requestID = randomHex(16)
	}
	if baggage := strings.Join(header.Values("Baggage"), ","); len(baggage) <= maxBaggage {
		own.baggage = baggage
	}
	parts := traceparent.FindStringSubmatch(header.Get("Traceparent"))
	if parts == nil || !isUsable(parts) {
		own.traceID, own.flags = randomHex(16), "01"
		return own
	}
	own.traceID, own.parentID, own.flags = parts[2], parts[3], parts[4]
	own.state = strings.Join(header.Values("Tracestate"), ",")
	return own
}

// isUsable: ff is no version, only later versions may have more fields, and ids of zeros are none.
func isUsable(parts []string) bool {
	return parts[1] != "ff" && (parts[1] != "00" || parts[5] == "") &&
		strings.Trim(parts[2], "0") != "" && strings.Trim(parts[3], "0") != ""
}

func (t trace) isSampled() bool {
	bits, err := hex.DecodeString(t.flags)
	return err == nil && bits[0]&1 == 1
}

// passOn puts the trace on a request to another service, as a child of the given span.
func (t trace) passOn(header http.Header, spanID string) {
	header.Set("X-Request-Id", t.requestID)
	header.Set("Traceparent", "00-"+t.traceID+"-"+spanID+"-"+t.flags)
	if t.state != "" {
		header.Set("Tracestate", t.state)
	}
	if t.baggage != "" {
		header.Set("Baggage", t.baggage)
	}
}

type traceKey struct{}

func withTrace(ctx context.Context, t trace) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

func traceFrom(ctx context.Context) (trace, bool) {
	t, ok := ctx.Value(traceKey{}).(trace)
	return t, ok
}

func randomHex(bytes int) string {
	text := make([]byte, bytes)
	rand.Read(text)
	return hex.EncodeToString(text)
}
