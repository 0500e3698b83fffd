package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// shortestToken is what nobody guesses at the speed of a network.
const shortestToken = 16

// adminToken reads the token of the admin port, or writes a new one that only
// its owner may read.
func adminToken(file string) (string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		token := rand.Text()
		return token, writeNew(file, []byte(token+"\n"), 0o600)
	}
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if len(token) < shortestToken || strings.ContainsAny(token, " \t\r\n") {
		return "", hinted{fmt.Errorf("%s: want a token of %d letters or more, in one line", file, shortestToken), "remove the file and a new one is made"}
	}
	return token, nil
}
