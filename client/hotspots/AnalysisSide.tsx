import { Button, Loader, Progress } from '@mantine/core';
import { type ReactNode, useId, useMemo } from 'react';
import { isApiError } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Label } from '../map/label-placement.ts';
import { type Pointed, ProvinceMap } from '../map/ProvinceMap.tsx';
import type { ProvinceDrawing } from '../map/province-drawing.ts';
import type { ZoomControl } from '../map/use-zoom.ts';
import type { Commune } from '../places/communes.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { CommuneReading } from './CommuneReading.tsx';
import type { Comparison } from './comparison.ts';
import { describeCommune } from './describe-commune.ts';
import { foundOnlyMarks, ground, symbolsOf } from './map-symbols.tsx';
import type { Question, Side } from './question.ts';
import { SideLegend } from './SideLegend.tsx';
import { sideWords } from './side-words.ts';
import type { Analysis, Answered } from './use-analysis.ts';

export type AnalysisSideProps = {
  side: Side;
  question: Question;
  analysis: Analysis;
  comparison: Comparison | null;
  drawing: ProvinceDrawing | null;
  communes: readonly Commune[];
  nameOf: (code: string) => string;
  everyName: readonly Label[];
  surroundings: readonly Label[];
  zoomControl: ZoomControl;
  /** What zooms both maps, on one of them. */
  controls: ReactNode;
  selected: string | null;
  /** What the pointer is on, and on which map; on neither where it is on a name beside them. */
  pointed: (Pointed & { side: Side | null }) | null;
  onPoint: (pointed: Pointed | null) => void;
  onSelect: (code: string) => void;
};

/** One of the two maps, with its finding above and its legend below. */
export function AnalysisSide(props: AnalysisSideProps) {
  const { side, question, analysis, comparison, drawing, communes, selected, pointed } = props;
  const { t, language, format } = useLanguage();
  const id = useId();
  const { answered } = analysis;
  const words = sideWords(side, question);
  const found = answered?.answer.found[language] ?? null;
  const isFound = side === 'found';

  const symbols = useMemo(() => {
    if (!drawing || !answered) return ground;
    const own = symbolsOf(answered, drawing, communes, t);
    const ringed = isFound ? foundOnlyMarks(answered, comparison, drawing) : undefined;
    return ringed ? { ...own, marks: ringed } : own;
  }, [drawing, answered, communes, comparison, isFound, t]);

  const tip = pointed?.side === side && answered && tipTells(answered) && (
    <div
      className="map-tooltip no-print"
      aria-hidden="true"
      style={{ left: pointed.x, top: pointed.y }}
      data-flip={pointed.y < 150 ? 'below' : 'above'}
    >
      <strong>{props.nameOf(pointed.code)}</strong>
      <CommuneReading described={describeCommune(answered, pointed.code, { t, format, language })} />
    </div>
  );
  return (
    <section className="analysis-side" data-side={side} aria-labelledby={id}>
      <div className="side-head">
        <h2 id={id}>{t(words.title)}</h2>
        <p className="quiet">
          {t(words.hint)}
          {answered && ` · ${format.day(answered.answer.from)} – ${format.day(answered.answer.to)}`}
        </p>
      </div>
      <p className="finding" aria-live="polite">
        {found ?? (analysis.error || analysis.cancelled ? '' : t('hotspots.work.running'))}
      </p>
      <div className="side-map">
        {drawing && (
          <ProvinceMap
            {...symbols}
            drawing={drawing}
            everyName={props.everyName}
            surroundings={props.surroundings}
            zoomControl={props.zoomControl}
            label={t('hotspots.map.label', {
              side: t(words.title),
              view: t(`hotspots.views.${question.view}`),
              found: found ?? '',
            })}
            selected={selected}
            pointed={pointed?.code ?? null}
            tip={tip}
            onPoint={props.onPoint}
            onSelect={props.onSelect}
          />
        )}
        {answered?.answer.simulated && (
          <p className="map-note">
            {t(communes.some(({ simulated }) => simulated) ? 'map.schematic' : 'map.simulated')}
          </p>
        )}
        {props.controls}
        <WorkState analysis={analysis} />
      </div>
      {answered ? (
        <SideLegend
          answered={answered}
          foundOnly={isFound && answered.name !== 'scan' && (comparison?.foundOnly.length ?? 0) > 0}
        />
      ) : (
        <div className="side-legend" />
      )}
    </section>
  );
}

/** A surface says the same of every commune, which the sentence above it has said already. */
const tipTells = ({ name }: Answered) => name !== 'density' && name !== 'relative-risk';

function WorkState({ analysis }: { analysis: Analysis }) {
  const { t, format } = useLanguage();
  const { progress, cancelled, error, answered } = analysis;
  if (cancelled) {
    return (
      <div className="work-state" role="status">
        <p>{t('hotspots.work.cancelled')}</p>
        <Button size="xs" variant="default" onClick={analysis.again}>
          {t('hotspots.work.again')}
        </Button>
      </div>
    );
  }
  if (progress !== null && !answered) {
    return (
      <div className="work-state" role="status">
        {progress > 0 ? (
          <>
            <p>{t('hotspots.work.share', { share: format.wholePercent(progress) })}</p>
            <Progress
              value={progress * 100}
              aria-label={t('hotspots.work.running')}
              w={190}
              transitionDuration={150}
            />
          </>
        ) : (
          <>
            <p>{t('hotspots.work.running')}</p>
            <Loader size="sm" type="dots" />
          </>
        )}
        <Button size="xs" variant="default" onClick={analysis.cancel}>
          {t('hotspots.work.cancel')}
        </Button>
      </div>
    );
  }
  if (isApiError(error) && error.problem.status === 422 && !answered) {
    // Nothing is broken: the question leaves too little to count.
    return (
      <div className="work-state" role="status">
        <p>
          <b>{t('hotspots.work.tooLittle')}</b>
        </p>
        <p className="quiet">{t('hotspots.work.tooLittleHint')}</p>
        <p className="quiet">{error.problem.detail}</p>
      </div>
    );
  }
  if (error && !answered) {
    return (
      <div className="work-state" data-failed="true">
        <ReadFailed error={error} onRetry={analysis.again} />
      </div>
    );
  }
  return null;
}
