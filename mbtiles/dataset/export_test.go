package dataset

// What the tests of power cuts and failing disks do step by step.
var (
	Publish = publish
	Tidy    = tidy
)
