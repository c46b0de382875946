package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

type options struct {
	version  string
	instance string
	now      func() time.Time
	log      *slog.Logger
	spans    *spans
	quotes   quotes
}

func newHandler(o options) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		send(w, http.StatusOK, map[string]any{"service": "almanac", "version": o.version, "instance": o.instance})
	})
	routes.HandleFunc("GET /moon", func(w http.ResponseWriter, r *http.Request) {
		at := o.now()
		if date := r.URL.Query().Get("date"); date != "" {
			day, err := time.Parse(time.DateOnly, date)
			if err != nil {
				refuse(w, http.StatusBadRequest, fmt.Sprintf("%q is not a date: write it as 2026-03-01.", date))
				return
			}
			at = day.Add(12 * time.Hour)
		}
		send(w, http.StatusOK, moonAt(at))
	})
	routes.HandleFunc("GET /today", func(w http.ResponseWriter, r *http.Request) {
		found, err := o.quotes.today(r.Context())
		if err != nil {
			o.log.WarnContext(r.Context(), "the day has no quote", "error", err.Error())
		}
		send(w, http.StatusOK, map[string]any{"moon": moonAt(o.now()), "quote": found})
	})
	routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuse(w, http.StatusMethodNotAllowed, r.Method+" is not supported: this service only reads.")
			return
		}
		refuse(w, http.StatusNotFound, fmt.Sprintf("There is nothing at %s: try /moon or /today.", r.URL.Path))
	})
	outer := http.NewServeMux()
	// Asked every few seconds by every proxy: neither logged nor traced.
	outer.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		send(w, http.StatusOK, map[string]any{"status": "ok"})
	})
	outer.Handle("/", watched(o, routes))
	return outer
}

// watched gives a request its id and trace, and tells how it went.
func watched(o options, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		t := traceOf(r.Header)
		ctx := withTrace(r.Context(), t)
		w.Header().Set("X-Request-Id", t.requestID)
		answer := &answer{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			thrown := recover()
			if thrown != nil {
				o.log.ErrorContext(ctx, "the handler panicked", "error", fmt.Sprint(thrown))
				if !answer.isBegun {
					refuse(answer, http.StatusInternalServerError, "Something is wrong here: the log says what, under "+t.requestID+".")
				}
			}
			end := time.Now()
			o.log.InfoContext(ctx, "request",
				"method", r.Method, "path", r.URL.RequestURI(), "status", answer.status,
				"durationMs", float64(end.Sub(start).Microseconds())/1000, "isComplete", r.Context().Err() == nil)
			o.spans.add(span{
				trace: t, spanID: t.spanID, parentID: t.parentID, name: r.Method + " " + r.URL.Path,
				kind: kindServer, start: start, end: end, status: answer.status,
			})
		}()
		next.ServeHTTP(answer, r.WithContext(ctx))
	})
}

// answer remembers what was said.
type answer struct {
	http.ResponseWriter
	status  int
	isBegun bool
}

func (a *answer) WriteHeader(status int) {
	if !a.isBegun {
		a.status, a.isBegun = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(text []byte) (int, error) {
	a.isBegun = true
	return a.ResponseWriter.Write(text)
}

// Unwrap lets http.ResponseController reach what is below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func refuse(w http.ResponseWriter, status int, sentence string) {
	send(w, status, map[string]any{"error": sentence})
}

func send(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	text = append(text, '\n')
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	w.Write(text)
}
