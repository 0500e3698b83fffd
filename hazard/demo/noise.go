package demo

import (
	"math"
	"math/rand/v2"
)

// seed makes the city: another number is another city.
const seed = 20260529

// newRand returns a stream of numbers of its own for one part of the city, so
// that a change in one part leaves the others as they are.
func newRand(part uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, part)) }

// lattice returns a fixed number in [-1, 1) for a corner of the noise grid.
func lattice(layer, i, j int) float64 {
	h := uint64(layer)*0x9e3779b97f4a7c15 ^ uint64(int64(i))*0xbf58476d1ce4e5b9 ^ uint64(int64(j))*0x94d049bb133111eb ^ seed
	h ^= h >> 31
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return float64(h>>11)/(1<<52) - 1
}

// noise is a smooth field in [-1, 1] with hills about one unit wide.
func noise(layer int, x, y float64) float64 {
	fi, fj := math.Floor(x), math.Floor(y)
	i, j := int(fi), int(fj)
	u, v := fade(x-fi), fade(y-fj)
	south := mix(lattice(layer, i, j), lattice(layer, i+1, j), u)
	north := mix(lattice(layer, i, j+1), lattice(layer, i+1, j+1), u)
	return mix(south, north, v)
}

func fade(t float64) float64 { return t * t * t * (t*(t*6-15) + 10) }

func mix(a, b, t float64) float64 { return a + (b-a)*t }

// smoothstep rises from 0 at a to 1 at b.
func smoothstep(a, b, x float64) float64 {
	t := min(1, max(0, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}

func bell(x, width float64) float64 { return math.Exp(-x * x / (width * width)) }
