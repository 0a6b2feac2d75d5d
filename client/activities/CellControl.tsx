import { Button } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { outlinePaths } from '../map/outline-paths.ts';
import { type Bounds, centerOf } from '../places/communes.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { controlId, describedBy, FieldFrame } from './FieldFrame.tsx';
import type { FieldProps } from './form-fields.tsx';
import { useMapPick } from './map-pick.ts';
import { cellAt, directionFrom, ringOf } from './report-cells.ts';
import { useReportCells } from './use-activities.ts';

type CellControlProps = FieldProps<'cell'> & {
  commune: { code: string; bounds: Bounds };
  onPicked: () => void;
};

/** Around 600 m, a quarter of a cell's width. */
const middleDegrees = 0.006;

/**
 * The cell of a report: of a list and a drawing of the commune, which need no map and no mouse, or by a click on the map.
 * The position clicked becomes its cell at once and is kept nowhere.
 */
export function CellControl({ field, draft, error, commune, onChange, onPicked }: CellControlProps) {
  const { t } = useLanguage();
  const pick = useMapPick();
  const read = useReportCells(commune.code);
  const chosen = draft.h3Cell ?? '';

  const drawing = useMemo(() => {
    if (!read.data) return null;
    const { geometry, cells } = read.data;
    const { width, height, paths } = outlinePaths([
      ...cells.map(({ cell, ring }) => ({ code: cell, geometry: { type: 'Polygon', coordinates: [ring] } })),
      { code: 'outline', geometry },
    ]);
    return { width, height, paths: new Map(paths.map(({ code, path }) => [code, path])) };
  }, [read.data]);

  // A form that is closed asks for nothing any more.
  const leave = pick?.leave;
  useEffect(() => leave, [leave]);

  const show = pick?.show;
  useEffect(() => {
    if (!show) return;
    if (!chosen) return show(null);
    let left = false;
    void ringOf(chosen).then((ring) => {
      if (!left) show({ ring, position: null });
    });
    return () => {
      left = true;
      show(null);
    };
  }, [show, chosen]);

  if (read.isError && !read.data)
    return <ReadFailed error={read.error} onRetry={() => void read.refetch()} />;
  const cells = read.data?.cells ?? [];
  const center = centerOf(commune.bounds);
  const name = (position: number) =>
    t('activities.cell.cell', {
      number: position + 1,
      direction: t(
        `activities.cell.directions.${directionFrom(center, cells[position]!.center, middleDegrees)}`,
      ),
    });
  const askMap = () =>
    pick?.ask({
      kind: 'position',
      prompt: t('activities.pick.position'),
      bounds: commune.bounds,
      onPicked: (position) => {
        void cellAt(position).then((cell) => {
          onChange(field.name, cell);
          onPicked();
        });
      },
    });
  const hint = t('activities.hints.h3Cell');
  return (
    <FieldFrame field={field} error={error} hint={hint}>
      {drawing && (
        // The list below is what the keyboard and screen readers use.
        <svg className="cell-drawing" viewBox={`0 0 ${drawing.width} ${drawing.height}`} aria-hidden="true">
          <path className="cell-outline" d={drawing.paths.get('outline')} />
          {cells.map(({ cell }, position) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: see above
            <path
              key={cell}
              d={drawing.paths.get(cell)}
              className="cell"
              data-chosen={cell === chosen}
              onClick={() => onChange(field.name, cell)}
            >
              <title>{name(position)}</title>
            </path>
          ))}
        </svg>
      )}
      <div className="place-control">
        <select
          id={controlId(field)}
          className="activity-input"
          value={chosen}
          aria-invalid={error !== null}
          aria-describedby={describedBy(field, error, hint)}
          disabled={read.isPending}
          onChange={({ currentTarget: { value } }) => onChange(field.name, value)}
        >
          <option value="">{t(read.isPending ? 'activities.cell.loading' : 'activities.cell.none')}</option>
          {cells.map(({ cell }, position) => (
            <option key={cell} value={cell}>
              {name(position)}
            </option>
          ))}
          {chosen && !cells.some(({ cell }) => cell === chosen) && (
            <option value={chosen}>{t('activities.cell.unknown', { cell: chosen })}</option>
          )}
        </select>
        {pick?.ready && (
          <Button className="pick-button" variant="default" size="sm" onClick={askMap}>
            {t('activities.place.onMap')}
          </Button>
        )}
      </div>
    </FieldFrame>
  );
}
