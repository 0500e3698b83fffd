package demo

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// The numbers of the two rivers, as 河川番号 are written.
const riverCode, brookCode = "9999990001", "9999990002"

// files writes what the city publishes.
func files(cells []cell, border orb.Ring, m floodMeshes, slides, lines []slide, settled []site) []File {
	all := []File{
		floodFile("10", 1, riverCode, "大瀬川", m.plan),
		floodFile("20", 2, riverCode, "大瀬川", m.largest),
		floodFile("20", 2, brookCode, "小滝川", m.other),
		floodFile("30", 3, riverCode, "大瀬川", m.duration),
		floodFile("41", 4, riverCode, "大瀬川", m.flow),
		floodFile("42", 4, riverCode, "大瀬川", m.erosion),
		floodFile("42", 4, brookCode, "小滝川", m.brookErosion),
		slideFile("A33-26_99Polygon.geojson", slides),
		slideFile("A33-26_99Line.geojson", lines),
		boundaryFile(border),
		townFile(cells),
		emergencyFile(settled),
		evacuationFile(settled),
		{Name: "contacts.json", Data: []byte(contacts)},
	}
	return all
}

// contacts is the consultation desk, in the form that the import reads.
const contacts = `[
  {"name": "見本市 危機管理課（架空）", "phone": "000-000-0000", "address": "見本市大手町一丁目1番1号",
   "hours": [{"lang": "ja", "text": "平日 8:30–17:15"}]},
  {"name": "見本市 外国人相談窓口（架空） / Consultation desk (sample)", "phone": "000-000-0001", "address": "見本市役所1階",
   "hours": [
    {"lang": "ja-easy", "text": "月曜日から 金曜日　9時から 17時"},
    {"lang": "en", "text": "Mon–Fri, 9:00–17:00"},
    {"lang": "es", "text": "Lunes a viernes, 9:00–17:00"},
    {"lang": "pt", "text": "Segunda a sexta, 9:00–17:00"},
    {"lang": "vi", "text": "Thứ Hai – thứ Sáu, 9:00–17:00"},
    {"lang": "tl", "text": "Lunes–Biyernes, 9:00–17:00"}]}
]
`

// collection writes GeoJSON as 国土数値情報 does, one feature a line.
type collection struct {
	b strings.Builder
	n int
}

func newCollection(name string) *collection {
	c := &collection{}
	fmt.Fprintf(&c.b, `{"type":"FeatureCollection","name":%q,"note":"見本：架空の市のデータ (sample: an invented city)",`+
		`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::6668"}},"features":[`, name)
	return c
}

func (c *collection) add(g orb.Geometry, properties string) {
	if c.n > 0 {
		c.b.WriteByte(',')
	}
	c.n++
	c.b.WriteString("\n" + `{"type":"Feature","geometry":{"type":"` + g.GeoJSONType() + `","coordinates":`)
	c.coordinates(g)
	c.b.WriteString(`},"properties":{` + properties + `}}`)
}

func (c *collection) coordinates(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		c.b.WriteByte('[')
		c.b.WriteString(strconv.FormatFloat(g[0], 'f', -1, 64))
		c.b.WriteByte(',')
		c.b.WriteString(strconv.FormatFloat(g[1], 'f', -1, 64))
		c.b.WriteByte(']')
	case orb.LineString:
		c.points(g)
	case orb.Polygon:
		c.b.WriteByte('[')
		for i, ring := range g {
			if i > 0 {
				c.b.WriteByte(',')
			}
			c.points(orb.LineString(ring))
		}
		c.b.WriteByte(']')
	}
}

func (c *collection) points(points orb.LineString) {
	c.b.WriteByte('[')
	for i, p := range points {
		if i > 0 {
			c.b.WriteByte(',')
		}
		c.coordinates(orb.Point{rounded8(p[0]), rounded8(p[1])})
	}
	c.b.WriteByte(']')
}

// rounded8 keeps the eight decimals of the published meshes.
func rounded8(v float64) float64 { return math.Round(v*1e8) / 1e8 }

func (c *collection) file(name string) File {
	c.b.WriteString("\n]}\n")
	return File{Name: name, Data: []byte(c.b.String())}
}

// floodFile writes a layer of A31a for one river.
func floodFile(layer string, x int, code, river string, m *mesh) File {
	name := fmt.Sprintf("A31a-%s-26_99_%s", layer, code)
	c := newCollection(name)
	for _, p := range m.patches() {
		c.add(p.shape, fmt.Sprintf(`"A31a_%d01":%q,"A31a_%d02":%q,"A31a_%d03":99,"A31a_%d04":"見本県","A31a_%d05":%d`,
			x, code, x, river, x, x, x, p.class))
	}
	return c.file(name + ".geojson")
}

func slideFile(name string, slides []slide) File {
	c := newCollection(strings.TrimSuffix(name, ".geojson"))
	for _, s := range slides {
		unready := 0
		if s.unready {
			unready = 1
		}
		c.add(globe(s.shape), fmt.Sprintf(`"A33_001":%d,"A33_002":%d,"A33_003":"99","A33_004":%q,"A33_005":%q,"A33_006":%q,"A33_007":%q,"A33_008":%d`,
			s.phenomenon, s.state, s.number, s.name, s.place, s.date, unready))
	}
	return c.file(name)
}

func boundaryFile(border orb.Ring) File {
	c := newCollection("N03-20260401_99")
	c.add(globe(orb.Polygon{border}), fmt.Sprintf(`"N03_001":"見本県","N03_002":null,"N03_003":null,"N03_004":%q,"N03_007":%q`, Name, Code))
	return c.file("N03-20260401_99.geojson")
}

func townFile(cells []cell) File {
	c := newCollection("towns")
	for _, cl := range cells {
		t := towns[cl.town]
		chome := "null"
		if cl.chome > 0 {
			chome = strconv.Itoa(cl.chome)
		}
		c.add(globe(orb.Polygon{cl.plane}), fmt.Sprintf(`"lg_code":%q,"machiaza_id":"%04d%03d","city":%q,"oaza_cho":%q,"oaza_cho_kana":%q,"oaza_cho_roma":%q,"chome":%s,"post_code":"%07d"`,
			Code, cl.town+1, cl.chome, Name, t.name, t.kana, t.romaji, chome, cl.town+1))
	}
	return c.file("towns.geojson")
}

// csv joins rows as GSI writes them: with BOM and CRLF.
func csv(name string, rows [][]string) File {
	var b strings.Builder
	b.WriteString("\ufeff")
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\r\n")
	}
	return File{Name: name, Data: []byte(b.String())}
}

// address invents a house number; the town's first 丁目 where it has them.
func (s site) address(i int) string {
	chome := ""
	if t := slices.IndexFunc(towns, func(t town) bool { return t.name == s.town }); towns[t].chome > 0 {
		chome = "一丁目"
	}
	return fmt.Sprintf("見本県見本市%s%s%d番地", s.town, chome, 100+37*i%800)
}

func (s site) position() (lat, lon string) {
	d := degrees(s.at)
	return strconv.FormatFloat(d[1], 'f', 6, 64), strconv.FormatFloat(d[0], 'f', 6, 64)
}

func emergencyFile(settled []site) File {
	rows := [][]string{strings.Split("NO,共通ID,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,大規模な火事,内水氾濫,火山現象,指定避難所との住所同一,緯度,経度,備考", ",")}
	for i, s := range settled {
		if s.fit == "" {
			continue
		}
		is := func(mark string) string {
			if strings.Contains(s.fit, mark) {
				return "1"
			}
			return ""
		}
		both := ""
		if s.evacuation {
			both = "1"
		}
		lat, lon := s.position()
		rows = append(rows, []string{strconv.Itoa(len(rows)), fmt.Sprintf("E%s%05d201", Code, i+1), s.name, s.address(i),
			is("洪"), is("土"), "", is("地"), "", is("火"), is("内"), "", both, lat, lon, s.remarks})
	}
	return csv(Code+"_2.csv", rows)
}

func evacuationFile(settled []site) File {
	rows := [][]string{strings.Split("NO,共通ID,施設・場所名,住所,指定緊急避難場所との住所同一,その他市町村長が必要と認める事項,受入対象者,緯度,経度,備考", ",")}
	for i, s := range settled {
		if !s.evacuation {
			continue
		}
		both, kind := "", "121"
		if s.fit != "" {
			both, kind = "1", "111"
		}
		lat, lon := s.position()
		rows = append(rows, []string{strconv.Itoa(len(rows)), fmt.Sprintf("E%s%05d%s", Code, i+1, kind), s.name, s.address(i),
			both, "", s.accepts, lat, lon, s.remarks})
	}
	return csv(Code+"_1.csv", rows)
}
