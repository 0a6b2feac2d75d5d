import { Button, NativeSelect, SegmentedControl, Slider, Switch } from '@mantine/core';
import { useId } from 'react';
import { densityEvents, inspectionStreams } from '../../contract/hotspots.ts';
import { useSession } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { PeriodFields } from './PeriodFields.tsx';
import {
  type AskAnew,
  foundModels,
  greatestBandwidthKm,
  type Question,
  type View,
  views,
} from './question.ts';
import { useCategories } from './use-categories.ts';

type HotspotControlsProps = {
  question: Question;
  ask: AskAnew;
  /** The day on record, up to which the server asks by itself. */
  lastDay: string | null;
  /** The bandwidth that the server took. */
  bandwidthKm: number | null;
};

export function HotspotControls(props: HotspotControlsProps) {
  const { question, ask, lastDay } = props;
  const { t, language } = useLanguage();
  const categories = useCategories(language);
  // Of one category in a commune there is often a single establishment, which is not for a leader.
  const byCategory = useSession().role !== 'leader';
  const { view, stream } = question;
  const changed = Object.entries(question).some(
    ([name, value]) => name !== 'view' && value !== null && value !== usual[name as keyof typeof usual],
  );
  return (
    <section className="hotspot-controls no-print" aria-label={t('hotspots.controls.title')}>
      <div className="view-row">
        <SegmentedControl
          className="view-control"
          aria-label={t('hotspots.views.label')}
          value={view}
          onChange={(value) => void ask({ view: value as View })}
          data={views.map((value) => ({ value, label: t(`hotspots.views.${value}`) }))}
        />
        <p className="quiet control-hint">
          <b>{t('hotspots.controls.stream')}.</b>{' '}
          {stream === null
            ? t('hotspots.controls.streamUsualHint')
            : t(`hotspots.controls.streamHints.${stream}`)}
          {view === 'density' && stream !== null && ` ${t('hotspots.controls.noStream')}`}
        </p>
        {changed && (
          <Button
            size="xs"
            variant="default"
            className="reset-button"
            onClick={() => void ask({ ...usual, view })}
          >
            {t('hotspots.controls.reset')}
          </Button>
        )}
      </div>
      <div className="control-row">
        <PeriodFields question={question} ask={ask} lastDay={lastDay} />
        {byCategory && (
          <NativeSelect
            size="xs"
            label={t('hotspots.controls.category')}
            value={question.category ?? ''}
            onChange={({ currentTarget: { value } }) => void ask({ category: value || null })}
            data={[
              { value: '', label: t('hotspots.controls.allCategories') },
              ...categories.map(({ code, name }) => ({ value: code, label: name })),
            ]}
          />
        )}
        <NativeSelect
          size="xs"
          label={t('hotspots.controls.stream')}
          title={
            stream === null
              ? t('hotspots.controls.streamUsualHint')
              : t(`hotspots.controls.streamHints.${stream}`)
          }
          value={stream ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void ask({ stream: inspectionStreams.find((one) => one === value) ?? null })
          }
          data={[
            { value: '', label: t('hotspots.controls.streamUsual') },
            ...inspectionStreams.map((value) => ({ value, label: t(`hotspots.controls.streams.${value}`) })),
          ]}
        />
        <ViewControls {...props} />
      </div>
    </section>
  );
}

const usual: Omit<Question, 'view'> = {
  from: null,
  to: null,
  category: null,
  stream: null,
  statistic: 'gi-star',
  events: 'violations',
  bandwidth: null,
  model: 'poisson',
  slice: 'quarter',
};

/** What the view alone can be asked. */
function ViewControls({ question, ask, bandwidthKm }: HotspotControlsProps) {
  const { t } = useLanguage();
  switch (question.view) {
    case 'local':
      return (
        <NativeSelect
          size="xs"
          label={t('hotspots.controls.statistic')}
          value={question.statistic}
          onChange={({ currentTarget: { value } }) => void ask({ statistic: value as 'moran' })}
          data={[
            { value: 'gi-star', label: t('hotspots.controls.giStar') },
            { value: 'moran', label: t('hotspots.controls.moran') },
          ]}
        />
      );
    case 'scan':
      return (
        <NativeSelect
          size="xs"
          label={t('hotspots.controls.model')}
          value={question.model}
          onChange={({ currentTarget: { value } }) => void ask({ model: value as 'poisson' })}
          data={foundModels.map((value) => ({ value, label: t(`hotspots.controls.models.${value}`) }))}
        />
      );
    case 'trend':
      return (
        <NativeSelect
          size="xs"
          label={t('hotspots.controls.slice')}
          value={question.slice}
          onChange={({ currentTarget: { value } }) => void ask({ slice: value as 'month' })}
          data={(['quarter', 'month'] as const).map((value) => ({
            value,
            label: t(`hotspots.controls.${value}`),
          }))}
        />
      );
    case 'density':
      return (
        <>
          <NativeSelect
            size="xs"
            label={t('hotspots.controls.events')}
            value={question.events}
            onChange={({ currentTarget: { value } }) => void ask({ events: value as 'violations' })}
            data={densityEvents.map((value) => ({
              value,
              label: t(`hotspots.controls.eventNames.${value}`),
            }))}
          />
          <BandwidthControl bandwidth={question.bandwidth} ask={ask} bandwidthKm={bandwidthKm} />
        </>
      );
  }
}

function BandwidthControl({
  bandwidth,
  ask,
  bandwidthKm,
}: { bandwidth: Question['bandwidth'] } & Pick<HotspotControlsProps, 'ask' | 'bandwidthKm'>) {
  const { t, format } = useLanguage();
  const id = useId();
  const kilometers = typeof bandwidth === 'number' ? bandwidth : (bandwidthKm ?? 2.5);
  return (
    <div className="bandwidth-control">
      <div className="control-label" id={id}>
        {t('hotspots.controls.bandwidth')}:{' '}
        <b>{t('hotspots.controls.kilometers', { value: format.decimal(kilometers, 2) })}</b>
        {bandwidth === null && <span className="quiet"> ({t('hotspots.controls.bandwidthUsual')})</span>}
      </div>
      <div className="bandwidth-row">
        <Slider
          // Begun anew when the server's own choice becomes known.
          key={`${bandwidth} ${kilometers}`}
          className="bandwidth-slider"
          size="sm"
          min={0.5}
          max={greatestBandwidthKm}
          step={0.5}
          defaultValue={Math.min(greatestBandwidthKm, Math.max(0.5, kilometers))}
          disabled={bandwidth === 'auto'}
          label={(value) => t('hotspots.controls.kilometers', { value: format.decimal(value) })}
          thumbProps={{ 'aria-labelledby': id }}
          onChangeEnd={(value) => void ask({ bandwidth: value })}
        />
        <Switch
          size="xs"
          label={t('hotspots.controls.auto')}
          title={t('hotspots.controls.autoHint')}
          checked={bandwidth === 'auto'}
          onChange={({ currentTarget: { checked } }) => void ask({ bandwidth: checked ? 'auto' : null })}
        />
      </div>
    </div>
  );
}
