package web

import (
	_ "embed"
	"net/http"
)

// openAPIFile describes every route; a test compares it with the table.
//
//go:embed openapi.json
var openAPIFile []byte

func (s *server) openAPI(*http.Request, *openSet) (reply, error) {
	rep := jsonReply(shortLived, openAPIFile)
	rep.header["Access-Control-Allow-Origin"] = "*"
	return rep, nil
}
