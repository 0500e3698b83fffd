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
	return jsonReply(shortLived, openAPIFile), nil
}
