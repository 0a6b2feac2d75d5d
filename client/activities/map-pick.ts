import { createContext, useContext } from 'react';
import type { Bounds } from '../places/communes.ts';
import type { Ring } from './report-cells.ts';

/** A place that a click can choose. */
export type PickCandidate = {
  key: string;
  label: string;
  position: readonly [number, number];
  /** Parks, schools and housing, which are few, are drawn larger than establishments. */
  large: boolean;
};

/** What a form asks the map for. */
export type PickRequest = {
  /** What to click, said over the map. */
  prompt: string;
  /** The commune, brought into view. */
  bounds: Bounds;
} & (
  | { kind: 'place'; candidates: readonly PickCandidate[]; onPicked: (key: string) => void }
  | { kind: 'position'; onPicked: (position: readonly [number, number]) => void }
);

/** What a form shows on the map: the cell of a report, or the place chosen. */
export type PickShown = { ring: Ring | null; position: readonly [number, number] | null };

/** Between a form and the map beside it. */
export type MapPick = {
  /** Whether there is a map that can be clicked: not on machines without WebGL, and not before it is loaded. */
  ready: boolean;
  setReady: (ready: boolean) => void;
  request: PickRequest | null;
  ask: (request: PickRequest) => void;
  leave: () => void;
  shown: PickShown | null;
  show: (shown: PickShown | null) => void;
};

export const MapPickContext = createContext<MapPick | null>(null);

/** Null on pages without a map. */
export const useMapPick = () => useContext(MapPickContext);
