package main

import (
	"context"
	"errors"
	"fmt"

	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web/view"
)

// shownDataset is an open dataset as the pages and the text answer show it.
func shownDataset(d *dataset.Dataset) (*view.Dataset, error) {
	shown := &view.Dataset{
		ID: d.Manifest.ID, Version: d.Version, Edition: d.Manifest.Edition,
		Area: d.Index.Area(), Risks: d.Index, Tilesets: d.Tilesets(), Contacts: shownContacts(d.Manifest.Contacts),
	}
	if d.Places != nil {
		places, err := gazetteer.Open(d.Places)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Dir, err)
		}
		shown.Places = places
	}
	return shown, nil
}

func shownContacts(contacts []dataset.Contact) []view.Contact {
	var shown []view.Contact
	for _, c := range contacts {
		contact := view.Contact{Name: c.Name, Phone: c.Phone, Address: c.Address, URL: c.URL}
		for _, h := range c.Hours {
			if lang, ok := i18n.Parse(h.Lang); ok {
				contact.Hours = append(contact.Hours, view.Hours{Lang: lang, Text: h.Text})
			}
		}
		shown = append(shown, contact)
	}
	return shown
}

// townsOf reads the areas of the towns of a dataset, none where it has none.
func townsOf(ctx context.Context, d *dataset.Dataset) ([]hazard.Place, error) {
	towns, err := d.Towns(ctx)
	if errors.Is(err, dataset.ErrNoTowns) {
		return nil, nil
	}
	return towns, err
}
