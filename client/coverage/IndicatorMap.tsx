import { useMemo, useState } from 'react';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import type { GapsAnswer } from '../../contract/coverage-reach.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Label } from '../map/label-placement.ts';
import { MapControls } from '../map/MapControls.tsx';
import { type Pointed, ProvinceMap } from '../map/ProvinceMap.tsx';
import type { ProvinceDrawing } from '../map/province-drawing.ts';
import { useZoom } from '../map/use-zoom.ts';
import { ClassLegend } from './ClassLegend.tsx';
import { classOf } from './coverage-classes.ts';
import { FigureTip } from './FigureTip.tsx';
import { GapMarks } from './GapMarks.tsx';
import { classedValue, type IndicatorClasses } from './indicator-classes.ts';
import { holdingBack, isDoneOrNot } from './standing.ts';

type IndicatorMapProps = {
  description: IndicatorDescription;
  classes: IndicatorClasses;
  figures: ReadonlyMap<string, IndicatorFigure>;
  drawing: ProvinceDrawing;
  nameOf: (code: string) => string;
  everyName: readonly Label[];
  surroundings: readonly Label[];
  /** Places that outreach has not reached, where they are to be shown. */
  gaps: GapsAnswer | null;
  selected: string | null;
  onSelect: (code: string | null) => void;
  yearIsOver: boolean;
  note: string;
};

const namesWritten = 8;

/** Communes coloured by one indicator, with the target as a class break. */
export function IndicatorMap(props: IndicatorMapProps) {
  const { description, classes, figures, drawing, nameOf, selected, onSelect, everyName } = props;
  const { t, language } = useLanguage();
  const zoomControl = useZoom(drawing);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const values = useMemo(
    () =>
      drawing.communes.map(({ code }) => {
        const figure = figures.get(code);
        return { code, value: figure ? classedValue(classes.kind, figure) : null };
      }),
    [drawing, figures, classes],
  );
  const fills = useMemo(
    () =>
      new Map(values.map(({ code, value }) => [code, classOf(classes.classes, value)?.color ?? ''] as const)),
    [values, classes],
  );
  const hatched = useMemo(
    () => new Set(values.filter(({ value }) => value === null).map(({ code }) => code)),
    [values],
  );
  // The selected commune's name first, then those that lack most, where there is room.
  const labels = useMemo(() => {
    const telling = isDoneOrNot(description)
      ? []
      : holdingBack(figures, namesWritten).map(({ code }) => code);
    const byCode = new Map(drawing.communes.map(({ code }, index) => [code, everyName[index]]));
    return [...(selected ? [selected] : []), ...telling].flatMap((code) => byCode.get(code) ?? []);
  }, [description, figures, drawing, everyName, selected]);
  const tip = pointed && (
    <div
      className="map-tooltip no-print"
      aria-hidden="true"
      style={{ left: `clamp(144px, ${pointed.x}px, calc(100% - 144px))`, top: pointed.y }}
      data-flip={pointed.y < 150 ? 'below' : 'above'}
    >
      <FigureTip
        name={nameOf(pointed.code)}
        description={description}
        figure={figures.get(pointed.code)}
        color={fills.get(pointed.code)}
        yearIsOver={props.yearIsOver}
      />
    </div>
  );
  const { gaps } = props;
  return (
    <div className="indicator-map">
      <div className="indicator-map-frame">
        <ProvinceMap
          drawing={drawing}
          fills={fills}
          hatched={hatched}
          labels={labels}
          everyName={everyName}
          surroundings={props.surroundings}
          zoomControl={zoomControl}
          label={t('plan.detail.mapLabel', { name: description.name[language] })}
          selected={selected}
          pointed={pointed?.code ?? null}
          tip={tip}
          onPoint={setPointed}
          onSelect={(code) => onSelect(code === selected ? null : code)}
          {...(gaps
            ? {
                marks: (unitsPerPixel: number) => (
                  <GapMarks gaps={gaps} drawing={drawing} unitsPerPixel={unitsPerPixel} />
                ),
              }
            : {})}
        />
        <p className="map-note">{props.note}</p>
        <MapControls
          onZoom={(steps) => {
            if (zoomControl.zoom) zoomControl.zoomAt(zoomControl.zoom, 2 ** steps);
          }}
          onWhole={zoomControl.whole}
        />
      </div>
      <ClassLegend
        classes={classes}
        target={description.target}
        values={values.map(({ value }) => value)}
        suppressed={drawing.communes.filter(({ code }) => figures.get(code)?.status === 'suppressed').length}
        unit={t(
          classes.kind === 'count'
            ? 'plan.legend.items'
            : description.unit === 'people'
              ? 'plan.legend.surely'
              : 'plan.legend.value',
        )}
      />
      {gaps && (
        <p className="legend-row gap-legend">
          <i className="swatch swatch-gap" />
          {t('plan.gaps.legend')}
        </p>
      )}
    </div>
  );
}
