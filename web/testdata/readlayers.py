"""Reads layers of a service in QGIS and compares them with the GeoPackage.

usage: readlayers.py SERVICE GPKG COLLECTION=LAYER[:SUBSET]...
"""

import sys

from qgis.core import NULL, QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer


def features(layer, request, names):
    """The shapes, bit by bit, and the values of all features in one order."""
    found = []
    for f in layer.getFeatures(request):
        values = [(name, "" if f[name] == NULL else str(f[name])) for name in names]
        found.append((f.geometry().asWkb().data(), values))
    return sorted(found)


def quarter(extent):
    """A box inside, with corners that are on no edge of a layer."""
    c = extent.center()
    return QgsRectangle(c.x(), c.y(), c.x() + extent.width() * 0.2503, c.y() + extent.height() * 0.2503)


def main(service, gpkg, pairs):
    app = QgsApplication([], False)
    app.initQgis()
    for pair in pairs:
        collection, _, layer = pair.partition("=")
        layer, _, subset = layer.partition(":")
        served = QgsVectorLayer(f"url='{service}' typename='{collection}' pageSize='200'", collection, "OAPIF")
        filed = QgsVectorLayer(f"{gpkg}|layername={layer}", layer, "ogr")
        if not served.isValid() or not filed.isValid():
            sys.exit(f"{collection}: QGIS does not open it: {served.error().message()}{filed.error().message()}")
        filed.setSubsetString(subset)
        names = [f.name() for f in filed.fields() if f.name() != "fid"]
        box = QgsFeatureRequest().setFilterRect(quarter(filed.extent())).setFlags(QgsFeatureRequest.ExactIntersect)
        for where, request in (("all", QgsFeatureRequest()), ("box", box)):
            got, want = features(served, request, names), features(filed, request, names)
            print(f"{collection} {where} {len(got)}")
            if got != want:
                odd = next((pair for pair in zip(got, want) if pair[0] != pair[1]), None)
                sys.exit(f"{collection} {where}: {len(got)} features, the file has {len(want)}; first that differs: {odd}")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
