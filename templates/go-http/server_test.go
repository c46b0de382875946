package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines is a log that a test reads while the service writes.
type lines struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *lines) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(text)
}

func (l *lines) all(t *testing.T) []map[string]any {
	t.Helper()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	found := []map[string]any{}
	for _, line := range strings.Split(strings.TrimSpace(l.text.String()), "\n") {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("not JSON: %q", line)
		}
		found = append(found, fields)
	}
	return found
}

func serve(t *testing.T, change func(*options)) (string, *lines) {
	t.Helper()
	log := &lines{}
	o := options{
		version:  "test",
		instance: "one",
		now:      func() time.Time { return time.Date(2024, time.April, 23, 12, 0, 0, 0, time.UTC) },
		log:      newLog(log),
		spans:    &spans{},
	}
	change(&o)
	server := httptest.NewServer(newHandler(o))
	t.Cleanup(server.Close)
	return server.URL, log
}

func ask(t *testing.T, method, address string, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(header); at += 2 {
		request.Header.Set(header[at], header[at+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, strings.TrimSpace(string(body))
}

func TestWhatIsAskedIsAnswered(t *testing.T) {
	address, _ := serve(t, func(*options) {})
	for _, row := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/healthz", 200, `{"status":"ok"}`},
		{"GET", "/", 200, `{"instance":"one","service":"almanac","version":"test"}`},
		{"GET", "/moon", 200, `"phase":"full moon"`},
		{"GET", "/moon?date=2024-04-08", 200, `"phase":"new moon"`},
		{"GET", "/moon?date=yesterday", 400, `\"yesterday\" is not a date`},
		{"GET", "/today", 200, `"quote":null`},
		{"GET", "/stars", 404, "There is nothing at /stars"},
		{"POST", "/moon", 405, "POST is not supported"},
	} {
		response, body := ask(t, row.method, address+row.path)
		if response.StatusCode != row.status || !strings.Contains(body, row.body) {
			t.Errorf("%s %s: %d %s", row.method, row.path, response.StatusCode, body)
		}
	}
}

func TestARequestIsLoggedWithItsTraceAndAHealthCheckIsNot(t *testing.T) {
	address, log := serve(t, func(*options) {})
	ask(t, "GET", address+"/healthz")
	response, _ := ask(t, "GET", address+"/moon?date=2024-04-08", "X-Request-Id", "r1", "Traceparent", "00-"+traceID+"-"+spanID+"-01")
	if response.Header.Get("X-Request-Id") != "r1" {
		t.Errorf("%v", response.Header)
	}
	all := log.all(t)
	if len(all) != 1 {
		t.Fatalf("%v", all)
	}
	line := all[0]
	for key, want := range map[string]any{
		"message": "request", "level": "info", "path": "/moon?date=2024-04-08", "status": 200.0,
		"requestId": "r1", "traceId": traceID, "isComplete": true,
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
}

func TestAnotherServiceIsAskedWithTheCallersTraceAndBaggage(t *testing.T) {
	asked := http.Header{}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Clone()
		send(w, 200, map[string]any{"text": "Call me Ishmael.", "author": "Herman Melville"})
	}))
	defer other.Close()
	address, _ := serve(t, func(o *options) { o.quotes = quotes{address: other.URL + "/", client: other.Client(), spans: o.spans} })
	_, body := ask(t, "GET", address+"/today", "X-Request-Id", "r1", "Traceparent", "00-"+traceID+"-"+spanID+"-01", "Baggage", "lane=blue")
	if !strings.Contains(body, "Call me Ishmael.") {
		t.Error(body)
	}
	parent := asked.Get("Traceparent")
	if !strings.HasPrefix(parent, "00-"+traceID+"-") || strings.Contains(parent, spanID) {
		t.Errorf("traceparent %s", parent)
	}
	if asked.Get("Baggage") != "lane=blue" || asked.Get("X-Request-Id") != "r1" {
		t.Errorf("%v", asked)
	}
}

func TestWithoutTheOtherServiceItAnswersAndSaysSoInItsLog(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	address, log := serve(t, func(o *options) { o.quotes = quotes{address: other.URL, client: other.Client(), spans: o.spans} })
	response, body := ask(t, "GET", address+"/today")
	if response.StatusCode != 200 || !strings.Contains(body, `"quote":null`) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	all := log.all(t)
	if all[0]["level"] != "warn" || !strings.Contains(all[0]["error"].(string), "404") || all[0]["traceId"] != all[1]["traceId"] {
		t.Errorf("%v", all)
	}
}

func TestAPanicIsAnAnswerAndALine(t *testing.T) {
	address, log := serve(t, func(o *options) { o.now = func() time.Time { panic("no clock") } })
	response, _ := ask(t, "GET", address+"/moon")
	all := log.all(t)
	if response.StatusCode != 500 || all[0]["error"] != "no clock" || all[1]["status"] != 500.0 {
		t.Errorf("%d %v", response.StatusCode, all)
	}
}

func TestSpansReachACollectorAsOneTrace(t *testing.T) {
	posted := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted <- r.URL.Path + " " + string(body)
	}))
	defer collector.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	sent := newSpans(collector.URL, "almanac", "test", "one", newLog(io.Discard))
	address, _ := serve(t, func(o *options) {
		o.spans = sent
		o.quotes = quotes{address: other.URL, client: other.Client(), spans: sent}
	})
	ask(t, "GET", address+"/today", "Traceparent", "00-"+traceID+"-"+spanID+"-01")
	ask(t, "GET", address+"/moon", "Traceparent", "00-"+traceID+"-"+spanID+"-00")
	sent.close()
	close(posted)
	text, rest, _ := strings.Cut(<-posted, " ")
	if text != "/v1/traces" {
		t.Error(text)
	}
	var body struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct{ TraceID, SpanID, ParentSpanID, Name string }
			}
		}
	}
	if err := json.Unmarshal([]byte(rest), &body); err != nil {
		t.Fatal(err)
	}
	found := body.ResourceSpans[0].ScopeSpans[0].Spans
	if len(found) != 2 || found[0].TraceID != traceID || found[1].ParentSpanID != spanID || found[0].ParentSpanID != found[1].SpanID {
		t.Errorf("%+v", found)
	}
	if !strings.Contains(rest, `"stringValue":"almanac"`) || !strings.Contains(rest, `"intValue":"404"`) {
		t.Error(rest)
	}
}
