package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// newLog writes one JSON object a line. A line that belongs to a request says which, and of which trace.
func newLog(to io.Writer) *slog.Logger {
	handler := slog.NewJSONHandler(to, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.MessageKey {
			a.Key = "message"
		}
		if len(groups) == 0 && a.Key == slog.LevelKey {
			a.Value = slog.StringValue(strings.ToLower(a.Value.String()))
		}
		return a
	}})
	return slog.New(traceHandler{handler})
}

type traceHandler struct{ slog.Handler }

func (h traceHandler) Handle(ctx context.Context, record slog.Record) error {
	if t, ok := traceFrom(ctx); ok {
		record.AddAttrs(slog.String("requestId", t.requestID), slog.String("traceId", t.traceID), slog.String("spanId", t.spanID))
	}
	return h.Handler.Handle(ctx, record)
}

func (h traceHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return traceHandler{h.Handler.WithAttrs(attrs)}
}

func (h traceHandler) WithGroup(name string) slog.Handler {
	return traceHandler{h.Handler.WithGroup(name)}
}
