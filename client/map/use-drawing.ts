import { useQuery } from '@tanstack/react-query';
import { readPlaces } from '../places/read-places.ts';
import { provinceDrawing } from './province-drawing.ts';

/** The communes as a drawing, made once for each version of the data. */
export const useDrawing = () =>
  useQuery({
    queryKey: ['places', 'commune-drawing'],
    queryFn: async ({ signal }) => {
      const { features } = await readPlaces('communes', {}, signal);
      return provinceDrawing(
        features.map(({ properties, geometry }) => ({ code: properties.code, geometry })),
      );
    },
    // The drawing holds functions; there is nothing in it to compare piece by piece.
    structuralSharing: false,
  });
