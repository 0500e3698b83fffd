package mbtiles

import (
	"crypto/md5" // agg_tiles_hash is an MD5 by its definition; it guards against accident only
	"database/sql"
	"encoding/hex"
	"errors"
	"hash"
	"strconv"
	"strings"
)

// queryer is what a database and a transaction have in common.
type queryer interface {
	Query(query string, args ...any) (*sql.Rows, error)
}

// aggregate computes agg_tiles_hash: MD5 over zoom, column, row as text and the
// stored bytes of every tile in that order.
func aggregate(q queryer) (sum string, err error) {
	rows, err := q.Query("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles ORDER BY zoom_level, tile_column, tile_row")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	total := md5.New()
	var z, x, y int64
	var data sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&z, &x, &y, &data); err != nil {
			return "", err
		}
		addToAggregate(total, z, x, y, data)
	}
	return formatAggregate(total), rows.Err()
}

func addToAggregate(total hash.Hash, z, x, y int64, data []byte) {
	var key []byte
	for _, n := range [...]int64{z, x, y} {
		key = strconv.AppendInt(key, n, 10)
	}
	total.Write(key)
	total.Write(data)
}

func formatAggregate(total hash.Hash) string {
	return strings.ToUpper(hex.EncodeToString(total.Sum(nil)))
}
