import type { FeatureCollection } from 'geojson';
import { useEffect, useMemo, useState } from 'react';
import { Layer, type MapLayerMouseEvent, type MapRef, Source, useMap } from 'react-map-gl/maplibre';
import { palette } from '../map/palette.ts';
import { type MapPick, type PickCandidate, useMapPick } from './map-pick.ts';
import { nearestWithin } from './nearest-place.ts';

/** A finger covers about this much. */
const reachPixels = 28;
const accent = '#0f5c6e';

function nearestCandidate(map: MapRef, pick: MapPick, point: { x: number; y: number }): PickCandidate | null {
  if (pick.request?.kind !== 'place') return null;
  const shown = pick.request.candidates.map((item) => {
    const { x, y } = map.project([...item.position] as [number, number]);
    return { item, x, y };
  });
  return nearestWithin(point, shown, reachPixels);
}

/** Answers a form with what was clicked; false when no form asks. A click beside every place leaves the form asking. */
export function answerPick(map: MapRef, pick: MapPick | null, event: MapLayerMouseEvent): boolean {
  if (!pick?.request) return false;
  const { request } = pick;
  if (request.kind === 'position') {
    pick.leave();
    request.onPicked([event.lngLat.lng, event.lngLat.lat]);
    return true;
  }
  const found = nearestCandidate(map, pick, event.point);
  if (found) {
    pick.leave();
    request.onPicked(found.key);
  }
  return true;
}

/** On the map: the places that can be clicked, the one under the pointer, and what the form has chosen. */
export function MapPickLayer() {
  const pick = useMapPick();
  const { current: map } = useMap();
  const [near, setNear] = useState<PickCandidate | null>(null);
  const request = pick?.request ?? null;

  const setReady = pick?.setReady;
  useEffect(() => {
    setReady?.(true);
    return () => setReady?.(false);
  }, [setReady]);

  useEffect(() => {
    if (!map || !request) return;
    const [west, south, east, north] = request.bounds;
    const { lng, lat } = map.getCenter();
    const within = lng >= west && lng <= east && lat >= south && lat <= north;
    if (!within || map.getZoom() < 11)
      map.fitBounds([west, south, east, north], { padding: 40, maxZoom: 13, duration: 0 });
  }, [map, request]);

  useEffect(() => {
    if (!map || !pick || request?.kind !== 'place') return;
    const onMove = (event: { point: { x: number; y: number } }) =>
      setNear(nearestCandidate(map, pick, event.point));
    map.on('mousemove', onMove);
    return () => {
      map.off('mousemove', onMove);
      setNear(null);
    };
  }, [map, pick, request]);

  const drawn = useMemo((): FeatureCollection => {
    const features: FeatureCollection['features'] = [];
    const point = (position: readonly [number, number], role: string) =>
      features.push({
        type: 'Feature',
        properties: { role },
        geometry: { type: 'Point', coordinates: [...position] },
      });
    if (pick?.shown?.ring)
      features.push({
        type: 'Feature',
        properties: { role: 'cell' },
        geometry: { type: 'Polygon', coordinates: [pick.shown.ring] },
      });
    if (request?.kind === 'place')
      for (const { position, large } of request.candidates)
        point(position, large ? 'large candidate' : 'candidate');
    if (near) point(near.position, 'near');
    else if (pick?.shown?.position) point(pick.shown.position, 'chosen');
    return { type: 'FeatureCollection', features };
  }, [pick?.shown, request, near]);

  if (!pick) return null;
  return (
    <>
      <Source id="pick" type="geojson" data={drawn}>
        <Layer
          id="pick-cell"
          type="fill"
          filter={['==', ['get', 'role'], 'cell']}
          paint={{ 'fill-color': accent, 'fill-opacity': 0.22 }}
        />
        <Layer
          id="pick-cell-line"
          type="line"
          filter={['==', ['get', 'role'], 'cell']}
          paint={{ 'line-color': accent, 'line-width': 2.5 }}
        />
        <Layer
          id="pick-candidates"
          type="circle"
          filter={['in', 'candidate', ['get', 'role']]}
          paint={{
            'circle-radius': ['case', ['==', ['get', 'role'], 'candidate'], 5, 8],
            'circle-color': '#ffffff',
            'circle-stroke-color': accent,
            'circle-stroke-width': 2,
          }}
        />
        <Layer
          id="pick-near"
          type="circle"
          filter={['in', ['get', 'role'], ['literal', ['near', 'chosen']]]}
          paint={{
            'circle-radius': 10,
            'circle-color': accent,
            'circle-opacity': 0.85,
            'circle-stroke-color': palette.ink,
            'circle-stroke-width': 2,
          }}
        />
      </Source>
      {near && <NearName map={map} near={near} />}
    </>
  );
}

/** The name of the place that a click would choose, beside it. */
function NearName({ map, near }: { map: MapRef | undefined; near: PickCandidate }) {
  if (!map) return null;
  const { x, y } = map.project([...near.position] as [number, number]);
  return (
    <div className="map-tooltip" style={{ left: x, top: y }} role="status">
      <strong>{near.label}</strong>
    </div>
  );
}
