// Command hazardmap makes hazard maps of published files, checks them, asks
// them and serves them.
package main

func main() {}
