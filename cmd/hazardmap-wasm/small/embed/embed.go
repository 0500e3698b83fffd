// Package embed stands for the standard library's embed in the program of the
// phone: the compiler wants it named where texts are embedded as strings, and
// its file system would bring clocks and files along.
package embed
