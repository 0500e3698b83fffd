package mbtiles

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// connector opens connections with a hook of their own, so that no driver has
// to be registered for the whole program.
type connector struct {
	dsn  string
	hook func(*sqlite3.SQLiteConn) error
}

func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{ConnectHook: c.hook} }

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(c.dsn) }

// fileURI writes a path so that no character in it means something to SQLite.
func fileURI(path, query string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return (&url.URL{Scheme: "file", Path: abs, RawQuery: query}).String(), nil
}

// createDatabase opens a new database for one writer. Nothing is synced before
// the end: until then the file lies aside and counts for nothing.
func createDatabase(path string) (*sql.DB, error) {
	uri, err := fileURI(path, "mode=rwc")
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{dsn: uri, hook: func(c *sqlite3.SQLiteConn) error {
		return execAll(c, "PRAGMA page_size=4096", "PRAGMA encoding='UTF-8'", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
			"PRAGMA locking_mode=EXCLUSIVE", fmt.Sprintf("PRAGMA application_id=%d", applicationID))
	}})
	db.SetMaxOpenConns(1)
	return db, nil
}

// openDatabase opens a file for reading only, by the rules that SQLite gives
// for files from strangers: nothing in its schema may run.
func openDatabase(path string) (*sql.DB, error) {
	if err := checkMagic(path); err != nil {
		return nil, err
	}
	uri, err := fileURI(path, "mode=ro&immutable=1")
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{dsn: uri, hook: func(c *sqlite3.SQLiteConn) error {
		c.SetLimit(sqlite3.SQLITE_LIMIT_LENGTH, 64<<20)
		c.SetLimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1<<16)
		c.SetLimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50)
		c.SetLimit(sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 10)
		c.SetLimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
		c.SetLimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1)
		err := execAll(c, "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA query_only=ON", "PRAGMA mmap_size=0")
		c.RegisterAuthorizer(allowReading)
		return err
	}}), nil
}

// harmless are the functions that views of MBTiles writers use.
var harmless = []string{"max", "min", "count", "typeof", "coalesce", "ifnull", "length", "hex", "substr", "upper", "lower", "quick_check"}

// allowReading lets statements, and the views they read, do nothing but read:
// no recursion, no function that is not known to be harmless, no pragma but ours.
func allowReading(action int, arg1, arg2, _ string) int {
	switch action {
	case sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ:
		return sqlite3.SQLITE_OK
	case sqlite3.SQLITE_FUNCTION:
		if slices.Contains(harmless, arg2) {
			return sqlite3.SQLITE_OK
		}
	case sqlite3.SQLITE_PRAGMA:
		if arg1 == "application_id" || arg1 == "quick_check" || arg1 == "index_list" || arg1 == "index_info" {
			return sqlite3.SQLITE_OK
		}
	}
	return sqlite3.SQLITE_DENY
}

func execAll(c *sqlite3.SQLiteConn, statements ...string) error {
	for _, s := range statements {
		if _, err := c.Exec(s, nil); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// errNotSQLite refuses a file before SQLite sees it.
var errNotSQLite = errors.New("not an SQLite file")

func checkMagic(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	const magic = "SQLite format 3\x00"
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(f, head); err != nil || string(head) != magic {
		return errNotSQLite
	}
	return nil
}
