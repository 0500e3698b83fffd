package hazard

import "unsafe"

// The compiler makes four or eight loads of encoding/binary's reads for
// WebAssembly, which is little-endian and allows any alignment.

func load32(b []byte) uint32 { return *(*uint32)(unsafe.Pointer((*[4]byte)(b))) }
func load64(b []byte) uint64 { return *(*uint64)(unsafe.Pointer((*[8]byte)(b))) }
