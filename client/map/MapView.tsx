import 'maplibre-gl/dist/maplibre-gl.css';
import { type LayerSpecification, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  Layer,
  Map as MapGl,
  type MapLayerMouseEvent,
  type MapRef,
  ScaleControl,
  Source,
  useMap,
} from 'react-map-gl/maplibre';
import { placeSight } from '../../contract/place-access.ts';
import { useSession } from '../access/session.ts';
import { answerPick, MapPickLayer } from '../activities/MapPickLayer.tsx';
import { useMapPick } from '../activities/map-pick.ts';
import { clientHeaders } from '../api/call.ts';
import type { CommuneRow } from '../coverage/commune-rows.ts';
import { communeFillLayers, communeLabelLayers, communeLineLayers } from '../coverage/coverage-layers.ts';
import type { Colouring } from '../coverage/use-colouring.ts';
import { type Density, densityBands } from '../hotspots/density-bands.ts';
import { densityLayers } from '../hotspots/density-layer.ts';
import { useLanguage } from '../i18n/language.ts';
import { type Bounds, boundsOf } from '../places/communes.ts';
import { areaLayers, pointedLayers, pointLayers } from '../places/place-layers.ts';
import { baseStyle } from './base-style.ts';
import { DeckOverlay } from './DeckOverlay.tsx';
import type { MapLayer } from './layer-ids.ts';
import { type PlaceLayer, placeLayers } from './layer-ids.ts';
import { MapControls } from './MapControls.tsx';
import { MapTooltip, type Pointed } from './MapTooltip.tsx';
import { styleImage } from './style-images.ts';
import { surroundingLayer } from './surrounding-layer.ts';
import { surroundingLabels } from './surroundings.ts';
import { tileSource } from './tile-sources.ts';
import type { Camera } from './url-state.ts';

setWorkerUrl(workerUrl);

const asClient = (url: string) => ({ url, headers: clientHeaders });
const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const wholePadding = 28;
const focusOptions = { padding: 90, maxZoom: 11 };

export type MapViewProps = {
  rows: readonly CommuneRow[];
  colouring: Colouring;
  /** What the map shows, for those who do not see it. */
  label: string;
  density: Density | null;
  layers: ReadonlySet<MapLayer>;
  selected: string | null;
  /** A box to bring into view whenever it is a new object. */
  focus: { bounds: Bounds } | null;
  camera: Camera | null;
  tilesVersion: string;
  onSelect: (code: string | null) => void;
  onCamera: (camera: Camera) => void;
  onTilesFailed: () => void;
};

/** The life of MapLibre and deck.gl; what they draw comes from pure functions of the data. */
export function MapView(props: MapViewProps) {
  const { rows, colouring, label, density, layers, selected, focus, tilesVersion, onSelect, onCamera } =
    props;
  const { t } = useLanguage();
  const map = useRef<MapRef>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [drawn, setDrawn] = useState(false);
  const pick = useMapPick();
  const { role } = useSession();

  const whole = useMemo(() => boundsOf(rows.map(({ bounds }) => bounds))!, [rows]);
  const byCode = useMemo(() => new Map(rows.map((row) => [row.code, row])), [rows]);
  const visible = useCallback((layer: MapLayer) => layers.has(layer), [layers]);

  const { below, above } = useMemo(() => {
    const { shares, classes } = colouring;
    const gatheredAlone = (layer: PlaceLayer) => placeSight(role, layer) === 'counts';
    return {
      below: [...communeFillLayers(shares, classes, visible('coverage')), ...areaLayers(visible)],
      above: [
        ...communeLineLayers(selected),
        ...pointLayers(visible, gatheredAlone),
        ...communeLabelLayers(selected),
      ],
    };
  }, [colouring, selected, visible, role]);

  const deckLayers = useMemo(
    () =>
      density
        ? densityLayers(
            density.contours,
            densityBands(density.contours.features.map(({ properties }) => properties)),
            { visible: visible('density'), beforeId: 'communes-line' },
          )
        : [],
    [density, visible],
  );
  const surroundings = useMemo(() => surroundingLabels(rows, t('map.sea')), [rows, t]);

  useEffect(() => {
    if (!focus) return;
    map.current?.fitBounds(focus.bounds as [number, number, number, number], {
      ...focusOptions,
      duration: reducedMotion() ? 0 : 700,
    });
  }, [focus]);

  useHover(map, pointed?.collection === 'communes' ? String(pointed.properties.code) : null);

  // MapLibre takes its words once, when it is made; the canvas keeps the language of the page from here.
  useEffect(() => {
    if (drawn) map.current?.getCanvas().setAttribute('aria-label', `${label}. ${t('map.help')}`);
  }, [drawn, label, t]);

  const onMouseMove = (event: MapLayerMouseEvent) => {
    const feature = event.features?.[0];
    setPointed(
      feature
        ? {
            x: event.point.x,
            y: event.point.y,
            layer: feature.layer.id,
            collection: String(feature.source) as Pointed['collection'],
            properties: feature.properties,
          }
        : null,
    );
  };
  const onClick = (event: MapLayerMouseEvent) => {
    if (map.current && answerPick(map.current, pick, event)) return;
    const under = map.current?.queryRenderedFeatures(event.point, { layers: ['communes-fill'] })[0];
    const code = under?.properties.code;
    onSelect(typeof code === 'string' ? code : null);
  };

  const { camera } = props;
  const box = [...whole] as [number, number, number, number];
  // What is to be brought into view may be known before the map is there.
  const beginning = focus
    ? { bounds: [...focus.bounds] as typeof box, fitBoundsOptions: focusOptions }
    : { bounds: box, fitBoundsOptions: { padding: wholePadding } };
  return (
    <div className="map-view" data-drawn={drawn}>
      <MapGl
        ref={map}
        mapStyle={baseStyle}
        initialViewState={camera ?? beginning}
        maxBounds={wider(whole)}
        minZoom={6.5}
        maxZoom={18}
        transformRequest={asClient}
        dragRotate={false}
        pitchWithRotate={false}
        touchPitch={false}
        attributionControl={false}
        // Without a kept drawing buffer a printed page has an empty map.
        canvasContextAttributes={{ antialias: true, preserveDrawingBuffer: true }}
        interactiveLayerIds={pointedLayers}
        cursor={pick?.request ? 'crosshair' : pointed ? 'pointer' : 'grab'}
        onLoad={({ target }) => {
          target.touchZoomRotate.disableRotation();
          target.keyboard.disableRotation();
        }}
        onIdle={() => setDrawn(true)}
        onMouseMove={onMouseMove}
        onMouseOut={() => setPointed(null)}
        onDragStart={() => setPointed(null)}
        onClick={onClick}
        onMoveEnd={({ viewState: { longitude, latitude, zoom }, originalEvent }) => {
          if (originalEvent) onCamera({ longitude, latitude, zoom });
        }}
        onError={({ error }) => {
          console.warn(error.message);
          props.onTilesFailed();
        }}
      >
        <Source
          id="communes"
          {...tileSource('communes', window.location.origin, tilesVersion, role)}
          promoteId={{ communes: 'code' }}
        />
        {placeLayers.map((collection) => (
          <Source
            key={collection}
            id={collection}
            {...tileSource(collection, window.location.origin, tilesVersion, role)}
          />
        ))}
        <Source id="surroundings" type="geojson" data={surroundings} />
        <Layer {...surroundingLayer} />
        {below.map(renderLayer)}
        {above.map(renderLayer)}
        <MapPickLayer />
        <StyleImages />
        <DeckOverlay layers={deckLayers} />
        <ScaleControl unit="metric" maxWidth={120} position="bottom-right" />
      </MapGl>
      <MapControls
        onZoom={(steps) =>
          map.current?.easeTo({ zoom: map.current.getZoom() + steps, duration: reducedMotion() ? 0 : 250 })
        }
        onWhole={() =>
          map.current?.fitBounds(box, { padding: wholePadding, duration: reducedMotion() ? 0 : 600 })
        }
      />
      {pointed && !pick?.request && (
        <MapTooltip
          pointed={pointed}
          row={byCode.get(String(pointed.properties.code)) ?? null}
          colouring={colouring}
        />
      )}
    </div>
  );
}

const renderLayer = (layer: LayerSpecification) => <Layer key={layer.id} {...layer} />;

/** Draws a hatch or symbol when a layer first asks for it. */
function StyleImages() {
  const { current: map } = useMap();
  useEffect(() => {
    map?.getMap().setMissingStyleImageResolver((id) => {
      const image = styleImage(id);
      if (image && !map.hasImage(id)) map.addImage(id, image.data, { pixelRatio: image.pixelRatio });
    });
  }, [map]);
  return null;
}

function useHover(map: React.RefObject<MapRef | null>, code: string | null) {
  useEffect(() => {
    const current = map.current;
    if (!current || !code) return;
    const feature = { source: 'communes', sourceLayer: 'communes', id: code };
    current.setFeatureState(feature, { hover: true });
    return () => void current.setFeatureState(feature, { hover: false });
  }, [map, code]);
}

/** As far as one may wander: the area with as much again on each side. */
function wider([west, south, east, north]: Bounds): [number, number, number, number] {
  const aside = east - west + 0.4;
  const up = north - south + 0.4;
  return [west - aside, Math.max(-85, south - up), east + aside, Math.min(85, north + up)];
}
