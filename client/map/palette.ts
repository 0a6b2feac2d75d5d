// A calm ground: the colours of data are the only strong ones.
export const palette = {
  ground: '#e8edef',
  land: '#f7f6f2',
  border: '#ffffff',
  borderStrong: '#6f7f89',
  halo: '#a9b8bf',
  ink: '#1c2a33',
  label: '#22323c',
  labelQuiet: '#7c8c96',
  hatch: '#9aa5ab',
  none: '#eceeef',
  park: '#8a4a78',
  dormitory: '#3d6fa5',
  school: '#5f7f2d',
  establishment: '#37474f',
  adjoining: '#54636c',
  coastal: '#2f7fa8',
} as const;
