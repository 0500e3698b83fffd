package gml

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	maxDepth = 100       // of elements in each other
	maxToken = 256 << 20 // bytes of one text or tag
	maxText  = 64 << 10  // bytes of an attribute
)

// errDocumentType refuses what may define entities; no published file has it.
var errDocumentType = errors.New("document type declarations are not read")

// source takes XML apart element by element, within limits.
type source struct {
	d     *xml.Decoder
	depth int
	limit tokenLimit
	drawn map[string]bool // ids, in lower case, of the geometry of the feature being read
}

func newSource(text io.Reader) *source {
	s := &source{limit: tokenLimit{r: text}}
	s.d = xml.NewDecoder(bufio.NewReaderSize(&s.limit, 64<<10))
	// The text is UTF-8 by now, whatever its first line says.
	s.d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return s
}

// tokenLimit ends a text whose tags or texts do not end.
type tokenLimit struct {
	r       io.Reader
	n, done int64 // bytes read, bytes taken by the decoder
}

func (l *tokenLimit) Read(p []byte) (int, error) {
	if l.n-l.done > maxToken {
		return 0, fmt.Errorf("text or tag longer than %d MB", maxToken>>20)
	}
	n, err := l.r.Read(p)
	l.n += int64(n)
	return n, err
}

// token returns the next start, end or text, valid until the next call.
func (s *source) token() (xml.Token, error) {
	for {
		t, err := s.d.Token()
		s.limit.done = s.d.InputOffset()
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case xml.StartElement:
			if s.depth++; s.depth > maxDepth {
				return nil, fmt.Errorf("elements nested deeper than %d levels", maxDepth)
			}
			return t, nil
		case xml.EndElement:
			s.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, errDocumentType
		}
	}
}

// root returns the first element.
func (s *source) root() (xml.StartElement, error) {
	for {
		t, err := s.token()
		if err == io.EOF {
			return xml.StartElement{}, errors.New("text has no element")
		}
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := t.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// child returns the next child of the element being read, false at its end.
func (s *source) child() (xml.StartElement, bool, error) {
	for {
		t, err := s.token()
		if err != nil {
			return xml.StartElement{}, false, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t, true, nil
		case xml.EndElement:
			return xml.StartElement{}, false, nil
		}
	}
}

// skip reads to the end of the element just started.
func (s *source) skip() error {
	for level := 1; level > 0; {
		t, err := s.token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			level++
		case xml.EndElement:
			level--
		}
	}
	return nil
}

// end reads what follows the root.
func (s *source) end() error {
	for {
		t, err := s.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, ok := t.(xml.StartElement); ok {
			return errors.New("text goes on after its end")
		}
	}
}

// attribute returns an attribute by its local name.
func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space != "xmlns" {
			return a.Value
		}
	}
	return ""
}

// idOf returns the gml:id of an element.
func idOf(start xml.StartElement) string { return attribute(start, "id") }

// reference returns the id that an element refers to within the file.
func reference(start xml.StartElement) (id string, ok bool) {
	return strings.CutPrefix(attribute(start, "href"), "#")
}
