package web

import (
	"strings"

	dto "github.com/prometheus/client_model/go"
)

// numbers are the metrics as the page for staff sums them up.
type numbers struct {
	classes                    [classes]classNumbers
	swaps, swapsRefused        float64
	ready, connections, memory float64
	certificate                float64
}

type classNumbers struct{ answered, busy, client, failed float64 }

// read sums the metrics. What cannot be gathered is left out: the page tells
// what is known.
func (m *metrics) read() (n numbers) {
	families, _ := m.registry.Gather()
	for _, family := range families {
		for _, metric := range family.Metric {
			n.add(family.GetName(), metric)
		}
	}
	return n
}

func (n *numbers) add(name string, m *dto.Metric) {
	switch name {
	case requestsMetric:
		c := &n.classes[classOf(label(m, "route"))]
		switch status := label(m, "status"); {
		case status == "500":
			c.failed += m.GetCounter().GetValue()
		case status < "400" || strings.HasPrefix(status, "40"): // also what was asked wrongly
			c.answered += m.GetCounter().GetValue()
		}
	case shedMetric:
		for c := range classes {
			if label(m, "class") != c.String() {
				continue
			}
			if label(m, "reason") == "client" {
				n.classes[c].client += m.GetCounter().GetValue()
			} else {
				n.classes[c].busy += m.GetCounter().GetValue()
			}
		}
	case swapsMetric:
		if label(m, "result") == "done" {
			n.swaps = m.GetCounter().GetValue()
		} else {
			n.swapsRefused = m.GetCounter().GetValue()
		}
	case readyMetric:
		n.ready = m.GetGauge().GetValue()
	case connectionsMetric:
		n.connections = m.GetGauge().GetValue()
	case memoryMetric:
		n.memory = m.GetGauge().GetValue()
	case certificateMetric:
		n.certificate = m.GetGauge().GetValue()
	}
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.Label {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}
