package main

import (
	"net/http"
	"strings"
	"testing"
)

const (
	traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	spanID  = "00f067aa0ba902b7"
)

func traceWith(pairs ...string) trace {
	header := http.Header{}
	for at := 0; at < len(pairs); at += 2 {
		header.Add(pairs[at], pairs[at+1])
	}
	return traceOf(header)
}

func TestATraceIsContinuedWithASpanOfItsOwn(t *testing.T) {
	got := traceWith("Traceparent", "00-"+traceID+"-"+spanID+"-01", "Tracestate", "a=1", "Tracestate", "b=2", "Baggage", "lane=blue")
	if got.traceID != traceID || got.parentID != spanID || got.spanID == spanID || !got.isSampled() {
		t.Errorf("%+v", got)
	}
	header := http.Header{}
	got.passOn(header, got.spanID)
	if want := "00-" + traceID + "-" + got.spanID + "-01"; header.Get("Traceparent") != want {
		t.Errorf("traceparent %s, want %s", header.Get("Traceparent"), want)
	}
	if header.Get("Tracestate") != "a=1,b=2" || header.Get("Baggage") != "lane=blue" || header.Get("X-Request-Id") != got.requestID {
		t.Errorf("%v", header)
	}
}

func TestATraceThatIsNotWellFormedBeginsAnew(t *testing.T) {
	for _, wrong := range []string{
		"", "nonsense",
		"ff-" + traceID + "-" + spanID + "-01",
		"00-" + strings.Repeat("0", 32) + "-" + spanID + "-01",
		"00-" + traceID + "-" + strings.Repeat("0", 16) + "-01",
		"00-" + strings.ToUpper(traceID) + "-" + spanID + "-01",
		"00-" + traceID + "-" + spanID + "-01-more",
	} {
		got := traceWith("Traceparent", wrong, "Tracestate", "a=1")
		if got.traceID == traceID || len(got.traceID) != 32 || got.parentID != "" || got.state != "" || !got.isSampled() {
			t.Errorf("%q: %+v", wrong, got)
		}
	}
	if got := traceWith("Traceparent", "01-"+traceID+"-"+spanID+"-00-more"); got.traceID != traceID || got.isSampled() {
		t.Errorf("a later version: %+v", got)
	}
}

func TestARequestKeepsItsIdAndAStrangeOneIsReplaced(t *testing.T) {
	if got := traceWith("X-Request-Id", "a1-b2"); got.requestID != "a1-b2" {
		t.Errorf("%+v", got)
	}
	if got := traceWith("X-Request-Id", "a\nb"); len(got.requestID) != 32 {
		t.Errorf("%+v", got)
	}
	if got := traceWith("Baggage", strings.Repeat("a", maxBaggage+1)); got.baggage != "" {
		t.Error("baggage that is too long is passed on")
	}
}
