package ogc

import (
	"bytes"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/crs"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// pageParts is what one page puts into the common frame.
type pageParts struct {
	title, lead string
	links       []link
	body        g.Node
}

// page renders a document for people, without a script.
func (v *visit) page(p pageParts) (*Answer, error) {
	crumbs := []g.Node{h.A(h.Href(v.Base+Root+"?f=html&lang="+string(v.lang)), g.Text(v.text.T("ogc.title")))}
	if len(v.path) > 1 {
		crumbs = append(crumbs, g.Text(" › "), h.A(h.Href(v.url(v.path[0])+"?f=html&lang="+string(v.lang)), g.Text(v.path[0])))
	}
	if len(v.path) > 2 {
		crumbs = append(crumbs, g.Text(" › "), h.A(h.Href(v.url(v.path[0], v.path[1])+"?f=html&lang="+string(v.lang)), g.Text(v.path[1])))
	}
	page := h.Doctype(h.HTML(h.Lang(v.lang.Tag()),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.TitleEl(g.Text(p.title)),
			h.Meta(h.Name("viewport"), h.Content("width=device-width,initial-scale=1")),
			h.Meta(h.Name("robots"), h.Content("noindex")),
			h.Link(h.Rel("icon"), h.Href("data:,")),
			h.StyleEl(g.Raw(view.StyleSheet())),
		),
		h.Body(h.Main(h.ID("main"),
			h.Nav(g.Group(crumbs)),
			h.H1(g.Text(p.title)),
			g.If(v.sample(), h.Aside(h.Class("sample"), h.Strong(g.Text(v.text.T("sample.mark"))), g.Text(" "+v.text.T("sample.attribution")))),
			g.If(p.lead != "", h.P(g.Text(p.lead))),
			p.body,
			v.linkSection(p.links),
			v.languages(),
		)),
	))
	var b bytes.Buffer
	if err := page.Render(&b); err != nil {
		return nil, err
	}
	return &Answer{Type: "text/html; charset=utf-8", Body: b.Bytes()}, nil
}

func (v *visit) sample() bool {
	for i := range v.datasets {
		if v.datasets[i].Area.Sample {
			return true
		}
	}
	return false
}

// linkSection lists the links of a document as the document for programs does.
func (v *visit) linkSection(links []link) g.Node {
	return h.Section(h.H2(g.Text(v.text.T("ogc.links"))), h.Ul(g.Map(links, func(l link) g.Node {
		if l.Templated {
			return h.Li(h.Code(g.Text(l.Href)))
		}
		return h.Li(h.A(h.Href(l.Href), h.Rel(l.Rel), g.Text(l.Rel+" "+l.Type)), g.If(l.Title != "", g.Text(" - "+l.Title)))
	})))
}

// languages links to the page in the languages that planners read.
func (v *visit) languages() g.Node {
	return h.P(g.Map([]i18n.Lang{i18n.Japanese, i18n.English}, func(lang i18n.Lang) g.Node {
		query := map[string][]string{}
		for name, given := range v.Query {
			query[name] = given
		}
		query["f"], query["lang"] = []string{"html"}, []string{string(lang)}
		return g.Group{h.A(h.Href(v.here()+"?"+encode(query)), h.Lang(lang.Tag()), g.Text(lang.Own())), g.Text(" ")}
	}))
}

func plainList(lines []string) g.Node {
	return h.Ul(g.Map(lines, func(line string) g.Node { return h.Li(h.Code(g.Text(line))) }))
}

func linkList(links []link) g.Node {
	return h.Ul(g.Map(links, func(l link) g.Node { return h.Li(h.A(h.Href(l.Href+"?f=html"), g.Text(l.Title))) }))
}

// row is a line of a table; the first cells are its head.
func row(cell func(...g.Node) g.Node, values ...g.Node) g.Node {
	return h.Tr(g.Map(values, func(value g.Node) g.Node { return cell(value) }))
}

func (v *visit) collectionTable() g.Node {
	return h.Table(
		h.THead(row(h.Th, g.Text(v.text.T("ogc.collections")), g.Text(v.text.T("ogc.items")))),
		h.TBody(g.Map(v.collections, func(c *collection) g.Node {
			at := v.url("collections", c.id)
			return row(h.Td,
				h.A(h.Href(at+"?f=html&lang="+string(v.lang)), g.Text(v.title(c))),
				h.A(h.Href(at+"/items?f=html&lang="+string(v.lang)), g.Text(strconv.FormatInt(c.group.Records, 10))))
		})))
}

// facts are what a page says about a collection beside its description.
func (v *visit) facts(c *collection) g.Node {
	items := v.url("collections", c.id, "items") + "?f=html&lang=" + string(v.lang)
	return g.Group{
		h.P(h.A(h.Class("button"), h.Href(items), g.Text(v.text.T("ogc.items")+" ("+strconv.FormatInt(c.group.Records, 10)+")"))),
		g.If(c.dataset.attribution(v.text) != "", h.P(g.Text(v.text.T("sources.title")+": "+c.dataset.attribution(v.text)))),
		h.H2(g.Text("CRS")), plainList(systemURIs()),
		h.H2(g.Text(v.text.T("ogc.queryables"))), propertyTable(c),
	}
}

func propertyTable(c *collection) g.Node {
	rows := []g.Node{row(h.Td, h.Code(g.Text(geometryName)), g.Text(geometryFormat(c.layer.Geometry)))}
	for _, column := range c.layer.Columns {
		schema := c.schemaOf(column.Name, c.types[column.Name])
		kind, _ := schema["type"].(string)
		if format, ok := schema["format"].(string); ok {
			kind += " (" + format + ")"
		}
		rows = append(rows, row(h.Td, h.Code(g.Text(column.Name)), g.Text(kind)))
	}
	return h.Table(h.TBody(rows...))
}

func tilesetTable(t tilesetDocument) g.Node {
	return h.Table(h.TBody(g.Map(t.Layers, func(l tileLayer) g.Node {
		return row(h.Td, h.Code(g.Text(l.ID)), g.Text(l.MinMatrix+"–"+l.MaxMatrix))
	})))
}

// cellText is a value as a page shows it.
func cellText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// itemsPage is a page of features as a table.
func (v *visit) itemsPage(q *question) (*Answer, error) {
	matched, err := q.matched(v.ctx)
	if err != nil {
		return nil, err
	}
	head := []g.Node{g.Text("id")}
	for _, column := range q.c.layer.Columns {
		head = append(head, g.Text(column.Name))
	}
	var rows []g.Node
	returned, next, last, err := q.page(v.ctx, func(f geo.Feature) error {
		id := strconv.Itoa(f.Record)
		cells := []g.Node{h.A(h.Href(v.url("collections", q.c.id, "items", id)+"?f=html&lang="+string(v.lang)), g.Text(id))}
		for _, column := range q.c.layer.Columns {
			cells = append(cells, g.Text(cellText(f.Attr[column.Name])))
		}
		rows = append(rows, row(h.Td, cells...))
		return nil
	})
	if err != nil {
		return nil, err
	}
	links := v.pageLinks(q, typeHTML, next, last)
	count := v.text.T("ogc.matched", i18n.Int("matched", int(matched)), i18n.Int("returned", returned))
	return v.page(pageParts{title: v.title(q.c), lead: v.description(q.c), links: links, body: g.Group{
		h.P(g.Text(count)),
		g.Iff(next, func() g.Node {
			return h.P(h.A(h.Class("button"), h.Rel("next"), h.Href(links[len(links)-1].Href), g.Text(v.text.T("ogc.next"))))
		}),
		h.Div(h.Class("scroll"), h.Table(h.THead(row(h.Th, head...)), h.TBody(rows...))),
	}})
}

// itemPage is one feature, with the way to the answer page of its place.
func (v *visit) itemPage(c *collection, f geo.Feature, system crs.System, links []link) (*Answer, error) {
	var rows []g.Node
	for _, column := range c.layer.Columns {
		rows = append(rows, row(h.Td, h.Code(g.Text(column.Name)), g.Text(cellText(f.Attr[column.Name]))))
	}
	if at, ok := f.Geometry.(orb.Point); ok {
		first, second := system.Coordinates(at)
		rows = append(rows, row(h.Td, h.Code(g.Text(system.Name)), g.Text(cellText(first)+", "+cellText(second))))
	} else if f.Geometry != nil {
		rows = append(rows, row(h.Td, h.Code(g.Text(geometryName)), g.Text(f.Geometry.GeoJSONType())))
	}
	return v.page(pageParts{title: v.title(c) + " " + strconv.Itoa(f.Record), lead: v.description(c), links: links, body: h.Table(h.TBody(rows...))})
}
