# Reads layers through QGIS's own provider and prints what it saw, one JSON object: used by ogc-clients.db.test.ts.
#   QT_QPA_PLATFORM=offscreen /usr/bin/python3 read-with-qgis.py http://host:port/ogc communes schools …
import json
import os
import sys

from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes

application = QgsApplication([], False)
application.initQgis()
root, *names = sys.argv[1:]
seen = {}
for name in names:
    layer = QgsVectorLayer(f"url='{root}' typename='{name}'", name, "OAPIF")
    names_of_fields = [field.name() for field in layer.fields()]
    key = names_of_fields.index("license_number" if name == "establishments" else names_of_fields[0])
    keys, geometry_types, empty = set(), set(), 0
    for feature in layer.getFeatures():
        keys.add(feature.attributes()[key])
        geometry_types.add(QgsWkbTypes.displayString(feature.geometry().wkbType()))
        empty += feature.geometry().isEmpty()
    seen[name] = {
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "differentKeys": len(keys),
        "smallestKey": min(keys),
        "withoutGeometry": empty,
        "geometryTypes": sorted(geometry_types),
        "crs": layer.crs().authid(),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
    }
print(json.dumps(seen))
sys.stdout.flush()
# QGIS 3.22 crashes now and then while it takes itself down; all there is to say has been said
os._exit(0)
