package web

import (
	"context"
	"errors"
	"net/http"
)

type server struct{ opts Options }

func newServer(opts Options) (*server, error) {
	if len(opts.Datasets) == 0 {
		return nil, errors.New("serve: no dataset")
	}
	return &server{opts: opts}, nil
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.NotFound(w, r)
}

func (s *server) serve(ctx context.Context) error {
	<-ctx.Done()
	return nil
}
