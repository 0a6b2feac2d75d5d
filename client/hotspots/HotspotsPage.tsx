import './hotspots.css';
import { useMemo, useState } from 'react';
import { useSession } from '../access/session.ts';
import { useInspectionCoverage } from '../coverage/use-coverage.ts';
import { useLanguage } from '../i18n/language.ts';
import { MapControls } from '../map/MapControls.tsx';
import type { Pointed } from '../map/ProvinceMap.tsx';
import { useSelectedCommune } from '../map/url-state.ts';
import { useDrawing } from '../map/use-drawing.ts';
import { useProvinceNames } from '../map/use-province-names.ts';
import { useZoom } from '../map/use-zoom.ts';
import { type Commune, useCommunes } from '../places/communes.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { AnalysisSide } from './AnalysisSide.tsx';
import { ComparisonStrip } from './ComparisonStrip.tsx';
import { compareSides } from './comparison.ts';
import { FiguresTable } from './FiguresTable.tsx';
import { HotspotControls } from './HotspotControls.tsx';
import { MethodPanel } from './MethodPanel.tsx';
import { askingOf, type Side, sides, useQuestion } from './question.ts';
import { SelectedCommune } from './SelectedCommune.tsx';
import { useAnalysis } from './use-analysis.ts';

const noCommunes: Commune[] = [];

/** What was found beside what was found per look: the same period, the same places, two maps that move together. */
export function HotspotsPage() {
  const { t } = useLanguage();
  const leads = useSession().role === 'leader';
  const [asked, ask] = useQuestion();
  // An address that a colleague sent may name a category, which is not asked for a leader.
  const question = leads ? { ...asked, category: null } : asked;
  const [selected, setSelected] = useSelectedCommune();
  const [pointed, setPointed] = useState<(Pointed & { side: Side | null }) | null>(null);
  const lastDay = useInspectionCoverage().data?.asOf ?? null;
  const drawing = useDrawing();
  const communes = useCommunes();
  const zoomControl = useZoom(drawing.data ?? null);
  const found = useAnalysis(askingOf(question, 'found'));
  const perLook = useAnalysis(askingOf(question, 'perLook'));
  const analyses = { found, perLook };
  const answers = { found: found.answered, perLook: perLook.answered };
  const comparison = useMemo(
    () => compareSides(found.answered, perLook.answered),
    [found.answered, perLook.answered],
  );

  const places = communes.data;
  const { nameOf, everyName, surroundings } = useProvinceNames(drawing.data ?? null, places);

  const unread = drawing.error ?? communes.error;
  if (unread && !(drawing.data && places)) {
    const retry = () => {
      void drawing.refetch();
      void communes.refetch();
    };
    return (
      <main id="content" className="page-state">
        <ReadFailed error={unread} onRetry={retry} />
      </main>
    );
  }
  if (places?.length === 0) {
    return (
      <main id="content" className="page-state">
        <p>
          <b>{t('map.empty')}</b>
        </p>
        <p>{t('map.emptyHelp', { command: 'npm run -s diaban -- import communes FILE' })}</p>
      </main>
    );
  }
  const zoomBy = (steps: number) => {
    const { zoom } = zoomControl;
    if (zoom) zoomControl.zoomAt(zoom, 2 ** steps);
  };
  return (
    <div className="hotspots-page">
      <main id="content">
        <HotspotControls
          question={question}
          ask={ask}
          lastDay={lastDay}
          bandwidthKm={
            answers.found?.name === 'density' ? answers.found.answer.method.bandwidthMeters / 1000 : null
          }
        />
        <div className="sides" data-compared={comparison !== null}>
          {sides.map((side) => (
            <AnalysisSide
              key={side}
              side={side}
              question={question}
              analysis={analyses[side]}
              comparison={comparison}
              drawing={drawing.data ?? null}
              communes={places ?? noCommunes}
              nameOf={nameOf}
              everyName={everyName}
              surroundings={surroundings}
              zoomControl={zoomControl}
              controls={side === 'perLook' && <MapControls onZoom={zoomBy} onWhole={zoomControl.whole} />}
              selected={selected}
              pointed={pointed}
              onPoint={(next) => setPointed(next && { ...next, side })}
              onSelect={(code) => void setSelected(code === selected ? null : code)}
            />
          ))}
        </div>
        {comparison && (
          <ComparisonStrip
            comparison={comparison}
            ringed={question.view !== 'scan'}
            nameOf={nameOf}
            onSelect={(code) => void setSelected(code)}
            onPoint={(code) => setPointed(code ? { code, x: 0, y: 0, side: null } : null)}
          />
        )}
        {selected && (
          <SelectedCommune
            code={selected}
            name={nameOf(selected)}
            question={question}
            answers={answers}
            onClose={() => void setSelected(null)}
          />
        )}
        <FiguresTable
          question={question}
          answers={answers}
          selected={selected}
          nameOf={nameOf}
          onSelect={(code) => void setSelected(code)}
        />
      </main>
      <aside className="method-aside" aria-label={t('hotspots.method.title')}>
        <MethodPanel question={question} answers={answers} />
      </aside>
    </div>
  );
}
