package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Names of the metrics that the page for staff shows too.
const (
	requestsMetric    = "hazardmap_requests_total"
	shedMetric        = "hazardmap_shed_total"
	swapsMetric       = "hazardmap_swaps_total"
	readyMetric       = "hazardmap_ready"
	connectionsMetric = "hazardmap_connections"
	certificateMetric = "hazardmap_certificate_expiry_timestamp_seconds"
	contactMetric     = "hazardmap_follow_contact_timestamp_seconds"
	memoryMetric      = "process_resident_memory_bytes"
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
	editions *prometheus.GaugeVec
	until    *prometheus.GaugeVec
	loaded   prometheus.Gauge
	swaps    *prometheus.CounterVec
	pages    *prometheus.CounterVec

	tileRequests      map[int]prometheus.Counter // by status: the hot path looks no label up
	tileBytes         prometheus.Counter
	pageHit, pageMiss prometheus.Counter
}

// tileStatuses are those with which a tile is answered.
var tileStatuses = [...]int{http.StatusOK, http.StatusNoContent, http.StatusNotModified, http.StatusBadRequest,
	http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInternalServerError}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: requestsMetric, Help: "Requests answered, by route pattern, method and status."}, []string{"route", "method", "status"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hazardmap_body_bytes_total", Help: "Bytes of bodies sent, by route pattern."}, []string{"route"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hazardmap_answer_seconds", Help: "Time to make an answer, without sending it, by route pattern.",
			Buckets: []float64{.0001, .0003, .001, .003, .01, .03, .1, .3, 1, 3}}, []string{"route"}),
		sheds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: shedMetric, Help: "Requests turned away, by class (lookup, tile, sheet, layer) and reason: busy (503) or client (429)."}, []string{"class", "reason"}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "hazardmap_connections_refused_total", Help: "Connections closed at once because their address held its share."}),
		expires: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: certificateMetric, Help: "End of the certificate; 0 without one."}),
		inHand: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hazardmap_requests_in_hand", Help: "Requests that are being read, answered or sent, tiles apart."}),
		ready: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: readyMetric, Help: "1 while the server is able to answer."}),
		datasets: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "hazardmap_dataset_info", Help: "1 for each dataset that is served."}, []string{"id", "version", "edition"}),
		editions: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "hazardmap_dataset_edition_timestamp_seconds", Help: "First day of the edition of each dataset."}, []string{"id"}),
		until: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "hazardmap_dataset_expires_timestamp_seconds", Help: "From when each dataset is shown with a warning, where its publisher said so."}, []string{"id"}),
		loaded: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "hazardmap_datasets_loaded_timestamp_seconds", Help: "When the datasets that are served were opened."}),
		swaps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: swapsMetric, Help: "Changes of data while serving: done or refused."}, []string{"result"}),
		pages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "hazardmap_page_cache_total", Help: "Pages that are the same for everybody: found made (hit) or made (miss)."}, []string{"result"}),
		tileRequests: map[int]prometheus.Counter{},
	}
	m.registry.MustRegister(m.requests, m.bytes, m.seconds, m.sheds, m.refused, m.expires, m.inHand, m.ready, m.datasets, m.editions, m.until, m.loaded, m.swaps, m.pages,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, status := range tileStatuses {
		m.tileRequests[status] = m.requests.WithLabelValues(tilePattern, http.MethodGet, strconv.Itoa(status))
	}
	m.pageHit, m.pageMiss = m.pages.WithLabelValues("hit"), m.pages.WithLabelValues("miss")
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

// page counts a page that may be kept.
func (m *metrics) page(found bool) {
	if found {
		m.pageHit.Inc()
	} else {
		m.pageMiss.Inc()
	}
}

func (m *metrics) connectionRefused() { m.refused.Inc() }

func (m *metrics) certificateUntil(end time.Time) { m.expires.Set(float64(end.Unix())) }

// show tells of the datasets of a set that is now the current one. The age of
// one is the time less its edition's.
func (m *metrics) show(set *openSet) {
	m.datasets.Reset()
	m.editions.Reset()
	m.until.Reset()
	for _, d := range set.datasets {
		m.datasets.WithLabelValues(d.ID, d.version, d.Edition).Set(1)
		if date, ok := d.editionDate(); ok {
			m.editions.WithLabelValues(d.ID).Set(float64(date.Unix()))
		}
		if !d.Expires.IsZero() {
			m.until.WithLabelValues(d.ID).Set(float64(d.Expires.Unix()))
		}
	}
	m.loaded.SetToCurrentTime()
	m.ready.Set(1)
}

// swapped counts a change of data that was made or refused.
func (m *metrics) swapped(err error) {
	if err != nil {
		m.swaps.WithLabelValues("refused").Inc()
		return
	}
	m.swaps.WithLabelValues("done").Inc()
}

// watchConnections adds how many connections are open.
func (m *metrics) watchConnections(open func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: connectionsMetric, Help: "Connections of visitors that are open."}, func() float64 { return float64(max(0, open())) }))
}

// watchFollowing adds how it stands with what brings newer data.
func (m *metrics) watchFollowing(state func() Following) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: contactMetric, Help: "When somebody who publishes newer data last answered; 0 for never since the start."}, func() float64 {
			if at := state().Contact; !at.IsZero() {
				return float64(at.Unix())
			}
			return 0
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "hazardmap_follow_good", Help: "1 while the newest data that are published are here."}, func() float64 {
			if state().Fault == "" && !state().Contact.IsZero() {
				return 1
			}
			return 0
		}))
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
