import { expect, it } from 'vitest';
import { parseAsCamera } from './url-state.ts';

it('writes the view as latitude, longitude and zoom, and reads it back', () => {
  const text = parseAsCamera.serialize({ latitude: 20.25, longitude: 105.97, zoom: 9.4 });
  expect(text).toBe('20.2500,105.9700,9.40z');
  expect(parseAsCamera.parse(text)).toEqual({ latitude: 20.25, longitude: 105.97, zoom: 9.4 });
});

it('takes no view from what is none', () => {
  for (const text of ['', '20,105', '20,105,9', 'a,b,cz', '91,105,9z', '20,181,9z', '20,105,23z'])
    expect(parseAsCamera.parse(text)).toBeNull();
});
