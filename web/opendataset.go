package web

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web/view"
)

// OpenDataset opens the directory of a dataset for serving.
func OpenDataset(dir string) (*Dataset, error) {
	on, err := dataset.Open(dir)
	if err != nil {
		return nil, err
	}
	m := on.Manifest
	d := &Dataset{
		ID: m.ID, Version: on.Version, Edition: m.Edition,
		Bounds:   orb.Bound{Min: orb.Point{m.Bounds[0], m.Bounds[1]}, Max: orb.Point{m.Bounds[2], m.Bounds[3]}},
		Index:    on.Index,
		Archives: map[string]Archive{},
		Close:    on.Close,
	}
	for _, name := range on.Tilesets() {
		d.Archives[name], _ = on.Tileset(name)
	}
	if on.Places != nil {
		if d.Places, err = gazetteer.Open(on.Places); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: places: %w", dir, err), on.Close())
		}
	}
	for _, c := range m.Contacts {
		d.Contacts = append(d.Contacts, contactOf(c))
	}
	return d, nil
}

// contactOf keeps the hours in the languages that the site speaks.
func contactOf(c dataset.Contact) view.Contact {
	contact := view.Contact{Name: c.Name, Phone: c.Phone, Address: c.Address, URL: c.URL}
	for _, h := range c.Hours {
		if lang, ok := i18n.Parse(h.Lang); ok {
			contact.Hours = append(contact.Hours, view.Hours{Lang: lang, Text: h.Text})
		}
	}
	return contact
}
