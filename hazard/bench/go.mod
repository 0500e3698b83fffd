module hazardmap/hazard/bench

go 1.26.8

require (
	github.com/paulmach/orb v0.14.0
	hazardmap v0.0.0
)

require golang.org/x/sys v0.50.0

require (
	github.com/golang/geo v0.0.0-20260818125358-b200a1149890
	golang.org/x/text v0.44.0 // indirect
)

replace hazardmap => ../..
