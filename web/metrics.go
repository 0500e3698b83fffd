package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts by route pattern and status, never by what was asked.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	bytes    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	sheds    *prometheus.CounterVec
	refused  prometheus.Counter
	expires  prometheus.Gauge
	inHand   prometheus.Gauge
	ready    prometheus.Gauge
	datasets *prometheus.GaugeVec

	tileRequests map[int]prometheus.Counter // by status: the hot path looks no label up
	tileBytes    prometheus.Counter
}

// tileStatuses are those with which a tile is answered.
var tileStatuses = [...]int{http.StatusOK, http.StatusNoContent, http.StatusNotModified, http.StatusBadRequest,
	http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInternalServerError}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hazardmap_requests_total", Help: "Requests answered, by route pattern, method and status."}, []string{"route", "method", "status"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hazardmap_body_bytes_total", Help: "Bytes of bodies sent, by route pattern."}, []string{"route"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hazardmap_answer_seconds", Help: "Time to make an answer, without sending it, by route pattern.",
			Buckets: []float64{.0001, .0003, .001, .003, .01, .03, .1, .3, 1, 3}}, []string{"route"}),
		sheds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hazardmap_shed_total", Help: "Requests turned away, by class (lookup, tile, sheet) and reason: busy (503) or client (429)."}, []string{"class", "reason"}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hazardmap_connections_refused_total", Help: "Connections closed at once because their address held its share."}),
		expires: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hazardmap_certificate_expiry_timestamp_seconds", Help: "End of the certificate; 0 without one."}),
		inHand: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hazardmap_requests_in_hand", Help: "Requests that are being read, answered or sent, tiles apart."}),
		ready: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hazardmap_ready", Help: "1 while the server is able to answer."}),
		datasets: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "hazardmap_dataset_info", Help: "1 for each dataset that is served."}, []string{"id", "version", "edition"}),
		tileRequests: map[int]prometheus.Counter{},
	}
	m.registry.MustRegister(m.requests, m.bytes, m.seconds, m.sheds, m.refused, m.expires, m.inHand, m.ready, m.datasets,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, status := range tileStatuses {
		m.tileRequests[status] = m.requests.WithLabelValues(tilePattern, http.MethodGet, strconv.Itoa(status))
	}
	m.tileBytes = m.bytes.WithLabelValues(tilePattern)
	return m
}

// tile counts one answer of the hot path; HEAD counts as GET.
func (m *metrics) tile(status, bodyBytes int) {
	if counter, ok := m.tileRequests[status]; ok {
		counter.Inc()
	}
	m.tileBytes.Add(float64(bodyBytes))
}

func (m *metrics) answered(pattern, method string, status, bodyBytes int, took time.Duration) {
	m.requests.WithLabelValues(pattern, method, strconv.Itoa(status)).Inc()
	m.bytes.WithLabelValues(pattern).Add(float64(bodyBytes))
	m.seconds.WithLabelValues(pattern).Observe(took.Seconds())
}

func (m *metrics) shed(c class, reason string) { m.sheds.WithLabelValues(c.String(), reason).Inc() }

func (m *metrics) connectionRefused() { m.refused.Inc() }

func (m *metrics) certificateUntil(end time.Time) { m.expires.Set(float64(end.Unix())) }

func (m *metrics) show(set *openSet) {
	m.datasets.Reset()
	for _, d := range set.datasets {
		m.datasets.WithLabelValues(d.ID, d.version, d.Edition).Set(1)
	}
	m.ready.Set(1)
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
