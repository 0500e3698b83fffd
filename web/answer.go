package web

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds what a form or a JSON request may send: a question is short.
const maxBody = 16 << 10

// serve answers one line of the table. What a slow client sends is read before
// a place in the making is taken, and what it receives is sent after that
// place was given back.
func (s *server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.metrics.inHand.Inc()
		defer s.metrics.inHand.Dec()
		start := time.Now()
		rep := s.answer(rt, r, w)
		took := time.Since(start)
		var sent int
		if rep.stream != nil {
			rep.status, sent = rep.stream(w, r)
		} else {
			sent = rep.send(w, r)
		}
		method := knownMethod(r.Method)
		s.metrics.answered(rt.pattern, method, rep.status, sent, took)
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("method", method), slog.String("route", rt.pattern),
			slog.Int("status", rep.status), slog.Int("bytes", sent), slog.Float64("ms", float64(took.Microseconds())/1000))
	})
}

// answer asks the handler. Every fault leaves through here.
func (s *server) answer(rt route, r *http.Request, w http.ResponseWriter) reply {
	rep, err := s.ask(rt, r, w)
	if err == nil {
		return rep
	}
	p := problemOf(err)
	if p.status == http.StatusInternalServerError {
		s.fault.note(err)
		s.log.ErrorContext(r.Context(), "request not answered", "route", rt.pattern, "err", err)
	}
	if classOf(rt.pattern) != probe {
		s.gate.hold(r.Context(), p) // its place is free again
	}
	return rt.faults(r, p)
}

func (s *server) ask(rt route, r *http.Request, w http.ResponseWriter) (rep reply, err error) {
	handle, err := rt.handler(r.Method)
	if err != nil {
		return reply{}, err
	}
	class := classOf(rt.pattern)
	if err := s.admit(r, class); err != nil {
		return reply{}, err
	}
	if rt.pattern != risksPattern && rt.pattern != planSheetPattern { // those whose body is read while it is answered
		if err := readBody(r, w, bodyLimit(rt.pattern)); err != nil {
			return reply{}, err
		}
	}
	if class != probe {
		if !s.gate.open(class) || !s.gate.enter(r.Context(), class) {
			return reply{}, s.busy(class)
		}
		defer s.gate.leave()
	}
	set := s.acquire()
	defer set.release()
	defer func() {
		if v := recover(); v != nil {
			err = errors.New("panic at " + callers())
		}
	}()
	rep, err = handle(r, set)
	rep.pack(r) // half of the work of a page: still in its place
	return rep, err
}

// bodyLimit is how much a request may send.
func bodyLimit(pattern string) int64 {
	if pattern == areasPattern {
		return maxAreas
	}
	return maxBody
}

// readBody reads the whole body of a request, which then lies in memory.
func readBody(r *http.Request, w http.ResponseWriter, limit int64) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &problem{status: http.StatusRequestEntityTooLarge}
	}
	if err != nil {
		return badRequest("the body ended early")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// callers names the functions of a panic, without the values that a stack
// trace shows: they may be the place that a visitor asked about.
func callers() string {
	var counters [24]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters[:])])
	var lines []string
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "hazardmap/") {
			lines = append(lines, frame.Function+":"+strconv.Itoa(frame.Line))
		}
		if !more {
			return strings.Join(lines, " < ")
		}
	}
}

// knownMethod keeps what a stranger invents out of logs and labels.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch:
		return method
	}
	return "other"
}
