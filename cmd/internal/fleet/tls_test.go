package fleet_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hazardmap/cmd/internal/fleet"
	"hazardmap/cmd/internal/hub"
)

// authority signs one certificate for this machine and returns the files of the
// authority, the certificate and its key.
func authority(t *testing.T) (ca, cert, key string) {
	t.Helper()
	dir := t.TempDir()
	save := func(name, kind string, der []byte, err error) string {
		path := filepath.Join(dir, name)
		if err == nil {
			err = os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	newKey := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	root, own := newKey(), newKey()
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	above := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "city"}, NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, above, above, &root.PublicKey, root)
	ca = save("ca.pem", "CERTIFICATE", der, err)
	der, err = x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: to, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}, above, &own.PublicKey, root)
	cert = save("cert.pem", "CERTIFICATE", der, err)
	der, err = x509.MarshalECPrivateKey(own)
	return ca, cert, save("key.pem", "EC PRIVATE KEY", der, err)
}

// TestTLS: followers, publisher and leaves speak TLS with a hub of a city's own
// authority; nobody falls back to plain text, nor takes a strange certificate.
func TestTLS(t *testing.T) {
	c := newCity(t)
	ca, cert, key := authority(t)
	strange, _, _ := authority(t)
	leaves := freeAddress(t)
	node := startHub(t, hub.Options{Addr: "localhost:0", Dir: t.TempDir(), TLSCert: cert, TLSKey: key, Leaves: leaves, LeafPasswordFile: passwordFile(t)})
	plainLeaves := freeAddress(t)
	plain := hubWithLeaves(t, "localhost:0", plainLeaves, t.TempDir())
	f := c.bundle(testDataset, "2025", 1)
	if err := publish(t, address(plain), f, c); err != nil {
		t.Fatal(err)
	}
	secure := "tls://" + node.Addr().String()
	for name, tt := range map[string]struct{ to, ca string }{
		"no authority":                {secure, ""},
		"another authority":           {secure, strange},
		"no TLS where it was wanted":  {"tls://" + plain.Addr().String(), ca},
		"plain text, not even wanted": {address(node), ""},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		opts := fleet.PublishOptions{Access: fleet.Access{PasswordFile: passwordFile(t), CAFile: tt.ca}, Patience: time.Second}
		if _, err := fleet.Publish(ctx, tt.to, f, c.keys(), opts); err == nil {
			t.Errorf("%s: published", name)
		}
		cancel()
	}
	opts := fleet.PublishOptions{Access: fleet.Access{PasswordFile: passwordFile(t), CAFile: ca}, Patience: time.Minute}
	if _, err := fleet.Publish(context.Background(), secure, f, c.keys(), opts); err != nil {
		t.Fatal(err)
	}
	trusting := startLeaf(t, hub.LeafOptions{Addr: "localhost:0", Dir: t.TempDir(), Hubs: []string{"tls://" + leaves}, CAFile: ca})
	startKiosk(t, filepath.Join(t.TempDir(), "store"), c, trusting.address+"/"+testDataset).shows(1)
	for name, o := range map[string]hub.LeafOptions{
		"another authority":   {Hubs: []string{"tls://" + leaves}, CAFile: strange},
		"plain text":          {Hubs: []string{"nats://" + leaves}},
		"no TLS where wanted": {Hubs: []string{"tls://" + plainLeaves}, CAFile: ca},
	} {
		o.Addr, o.Dir = "localhost:0", t.TempDir()
		l := startLeaf(t, o)
		k := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, l.address+"/"+testDataset)
		looks := k.f.Looks()
		eventually(t, name+": the kiosk has asked", func() bool { return k.f.Looks() > looks+10 })
		if k.sequence() != 0 {
			t.Errorf("%s: the leaf copied the hub", name)
		}
	}
}

// TestClusterTLS: three nodes know each other by the city's own authority.
func TestClusterTLS(t *testing.T) {
	ca, cert, key := authority(t)
	nodes, _ := startCluster(t, hub.Options{TLSCert: cert, TLSKey: key, CAFile: ca})
	want, a := anyFile(t, 5, 1<<20)
	opts := fleet.PublishOptions{Access: fleet.Access{PasswordFile: passwordFile(t), CAFile: ca}, Replicas: 3, Patience: time.Minute}
	if err := fleet.Put(context.Background(), "tls://"+nodes[0].Addr().String(), want, a, opts); err != nil {
		t.Fatal(err)
	}
	for _, node := range nodes {
		if routes := node.NumRoutes(); routes == 0 {
			t.Errorf("%s knows no other node", node.Name())
		}
	}
}
