package view

// liveWords are the names of the live map's controls: the keys of the map
// library's locale and of our own client, and the texts they take.
var liveWords = [...][2]string{
	{"Map.Title", "nav.map"},
	{"NavigationControl.ZoomIn", "map.in"},
	{"NavigationControl.ZoomOut", "map.out"},
	{"NavigationControl.ResetBearing", "live.north-up"},
	{"AttributionControl.ToggleAttribution", "live.attribution"},
	{"AttributionControl.MapFeedback", "live.attribution"},
	{"GeolocateControl.FindMyLocation", "locate.button"},
	{"GeolocateControl.LocationNotAvailable", "locate.denied"},
	{"FullscreenControl.Enter", "live.fullscreen"},
	{"FullscreenControl.Exit", "live.fullscreen-exit"},
	{"Marker.Title", "live.marker"},
	{"Popup.Close", "live.close"},
	{"ScaleControl.Meters", "live.metres"},
	{"ScaleControl.Kilometers", "live.kilometres"},
	{"CooperativeGesturesHandler.WindowsHelpText", "live.wheel"},
	{"CooperativeGesturesHandler.MacHelpText", "live.wheel"},
	{"CooperativeGesturesHandler.MobileHelpText", "live.fingers"},
	{"layers", "live.layers"},
	{"legend", "map.legend"},
	{"opacity", "live.opacity"},
	{"loading", "live.loading"},
	{"failed", "live.failed"},
	{"overview", "live.overview"},
	{"view", "live.view"},
	{"share", "live.share"},
	{"close", "live.close"},
	{"answer", "short.long"},
}

// mapWords writes the words of the live map as JSON, for the client.
func (v *visit) mapWords() string {
	j := jsonWriter{}
	j.open('{')
	for _, w := range liveWords {
		j.key(w[0]).text(v.plain(w[1]))
	}
	j.close('}')
	return string(j.b)
}
