package main

func measureWASM(*set, []byte) error { return nil }
