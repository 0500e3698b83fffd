// Package geopackage writes and reads shapes as OGC GeoPackage 1.3, the file
// that QGIS opens: layers of records with a shape each, found by an R-tree.
//
// Coordinates keep every bit. A file holds no clock, so the same records make
// the same bytes; SQLite finds a shape by its box alone, which is why the hot
// look-up is elsewhere.
package geopackage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// GeometryType is what the shapes of a layer are.
type GeometryType string

// The geometry types that this package writes. A single polygon or line is
// stored as a collection of one where the layer says so.
const (
	Point           GeometryType = "POINT"
	MultiLineString GeometryType = "MULTILINESTRING"
	MultiPolygon    GeometryType = "MULTIPOLYGON"
)

// ColumnType is the type of an attribute.
type ColumnType string

// The attribute types that this package writes.
const (
	Text    ColumnType = "TEXT"
	Integer ColumnType = "INTEGER"
	Real    ColumnType = "REAL"
	Boolean ColumnType = "BOOLEAN"
)

// Column is one attribute of a layer.
type Column struct {
	Name string
	Type ColumnType
}

// Coordinate systems by EPSG number. They differ by less than a metre in Japan.
const (
	WGS84   = 4326
	JGD2011 = 6668
)

const (
	applicationID = 0x47504B47 // "GPKG"
	userVersion   = 10300      // 1.3.0
	geometryName  = "geom"
	idName        = "fid"
)

// quote writes a name so that SQL reads nothing else in it.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// connector opens one SQLite file and sets each of its connections up.
type connector struct {
	dsn   string
	setUp string
}

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	open := &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		_, err := conn.Exec(c.setUp, nil)
		return err
	}}
	return open.Open(c.dsn)
}

// openFile opens a file by path, whatever characters are in it.
func openFile(path, query, setUp string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(abs), RawQuery: query}
	return sql.OpenDB(connector{dsn: dsn.String(), setUp: setUp}), nil
}
