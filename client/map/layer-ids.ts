/** What a user can switch on and off, in the order of the list; places have the names of their collections. */
export const analysisLayers = ['coverage', 'density'] as const;
export const placeLayers = [
  'border-areas',
  'industrial-parks',
  'dormitories',
  'schools',
  'establishments',
] as const;
export type PlaceLayer = (typeof placeLayers)[number];
export const mapLayers = [...analysisLayers, ...placeLayers] as const;
export type MapLayer = (typeof mapLayers)[number];
export const firstLayers: MapLayer[] = ['coverage', 'density'];
/** Violations found say nothing of the other targets. */
export const firstLayersOfOthers: MapLayer[] = ['coverage'];
