package i18n

// deskSource returns nothing: a phone shows no pages for planners.
func deskSource(Lang) string { return "" }
