package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/gorilla/mux"

	"hazardmap/web/offline"
)

const phonePrefix = "/offline/"

// phonePack is what a phone takes along of one dataset, cut into shards that
// are named by their content and compressed once.
type phonePack struct {
	Files  []phoneFile
	bodies map[string][]byte // compressed, by the name of the shard
}

type phoneFile struct {
	Name   string       `json:"name"`
	Shards []phonePiece `json:"shards"`
}

// phonePiece is one immutable part: its hash and its length are of what it is
// when it has arrived and is no longer compressed.
type phonePiece struct {
	URL    string `json:"url"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	Send   int    `json:"send"`
}

// shardBytes is a piece that a bad network can finish, and few enough pieces
// for a cache to hand out at once.
const shardBytes = 512_000

// mostPhoneBytes bounds the look-up index that a phone can hold in memory: that
// of a prefecture has to be imported by its municipalities.
const mostPhoneBytes = 64 << 20

// phonePackOf makes the pack of a dataset, once. It is made when the first
// phone asks, since most servers of a short life are never asked.
func (o *openSet) phonePackOf(d *served) func() (*phonePack, error) {
	return sync.OnceValues(func() (*phonePack, error) {
		if d.RisksFile == nil || len(d.RisksFile) > mostPhoneBytes {
			return nil, notFound("this dataset is not for phones")
		}
		tiles, err := o.phoneTiles(d)
		if err != nil {
			return nil, err
		}
		p := &phonePack{bodies: map[string][]byte{}}
		p.add(offline.RisksFile, d.RisksFile)
		if d.PlacesFile != nil {
			p.add(offline.PlacesFile, d.PlacesFile)
		}
		p.add(offline.TilesFile, tiles)
		return p, nil
	})
}

// phoneTiles writes the vector tiles of a dataset as one file.
func (o *openSet) phoneTiles(d *served) ([]byte, error) {
	var w offline.TileWriter
	for _, set := range d.pages.Tilesets {
		t := o.tilesets[set+"/"+d.version]
		if !t.format.vector {
			continue
		}
		for _, id := range t.pack.ids() {
			if err := w.Add(set, id, d.pages.Tile(set, id)); err != nil {
				return nil, err
			}
		}
	}
	return w.Encode(), nil
}

func (p *phonePack) add(name string, body []byte) {
	file := phoneFile{Name: name, Shards: []phonePiece{}}
	for len(body) > 0 {
		shard := body[:min(len(body), shardBytes)]
		body = body[len(shard):]
		sum := sha256.Sum256(shard)
		digest := hex.EncodeToString(sum[:])
		packed := compress(shard)
		p.bodies[digest[:32]] = packed
		file.Shards = append(file.Shards, phonePiece{phonePrefix + digest[:32] + ".bin", digest, len(shard), len(packed)})
	}
	p.Files = append(p.Files, file)
}

// phoneManifest says what a phone fetches to save a town.
type phoneManifest struct {
	Pack    string       `json:"pack"` // hash of all that follows
	ID      string       `json:"id"`
	Area    string       `json:"area"`
	Edition string       `json:"edition"`
	Version string       `json:"version"`
	Expires int64        `json:"expires"` // milliseconds since 1970; 0 where nobody said
	Exec    string       `json:"exec"`
	WASM    string       `json:"wasm"`
	Policy  string       `json:"policy"`
	Site    []byte       `json:"site"`
	Files   []phoneFile  `json:"files"`
	Assets  []phonePiece `json:"assets"`
}

// phone answers /offline/{dataset}.json.
func (s *server) phone(r *http.Request, set *openSet) (reply, error) {
	id := mux.Vars(r)["dataset"]
	d := set.byID(id)
	if d == nil || !s.offersWorker() {
		return reply{}, notFound("")
	}
	base, err := s.origin.of(r)
	if err != nil {
		return reply{}, err
	}
	pack, err := d.phone()
	if err != nil {
		return reply{}, err
	}
	site := offline.Site{ID: d.ID, Version: d.version, Edition: d.Edition, BaseURL: base, Script: s.client.script, Worker: s.workerAddress(),
		Tilesets: d.pages.Tilesets, Contacts: d.Contacts}
	assets, err := s.client.pieces()
	if err != nil {
		return reply{}, err
	}
	m := phoneManifest{ID: d.ID, Area: d.pages.Area.Name, Edition: d.Edition, Version: d.version, Exec: s.client.starter, WASM: s.client.program,
		Policy: s.policy, Site: site.Encode(), Files: pack.Files, Assets: assets}
	if !d.Expires.IsZero() {
		m.Expires = d.Expires.UnixMilli()
	}
	body, err := json.Marshal(m)
	if err != nil {
		return reply{}, err
	}
	sum := sha256.Sum256(body)
	m.Pack = hex.EncodeToString(sum[:16])
	if body, err = json.Marshal(m); err != nil {
		return reply{}, err
	}
	rep := jsonReply("private, no-cache", body)
	delete(rep.header, "Access-Control-Allow-Origin") // it names this origin
	return rep, nil
}

// shard answers /offline/{shard}.bin.
func (s *server) shard(r *http.Request, set *openSet) (reply, error) {
	name := mux.Vars(r)["shard"]
	for _, d := range set.datasets {
		pack, err := d.phone()
		if err != nil {
			return reply{}, err
		}
		if pack.bodies[name] == nil {
			continue
		}
		header := map[string]string{"Content-Type": "application/octet-stream", "Cache-Control": immutable, "Vary": "Accept-Encoding"}
		body := pack.bodies[name]
		if acceptsGzip(r.Header["Accept-Encoding"]) {
			header["Content-Encoding"] = "gzip"
			return reply{status: http.StatusOK, header: header, body: body}, nil
		}
		body, err = gunzip(body)
		return reply{status: http.StatusOK, header: header, body: body}, err
	}
	return reply{}, notFound("")
}

// byID returns the dataset with an id, nil if there is none.
func (o *openSet) byID(id string) *served {
	for _, d := range o.datasets {
		if d.ID == id {
			return d
		}
	}
	return nil
}
