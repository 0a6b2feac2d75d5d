import './plan.css';
import './indicator-page.css';
import { Skeleton, Switch } from '@mantine/core';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useEffect, useMemo } from 'react';
import { useParams } from 'react-router';
import {
  type IndicatorId,
  indicatorIds,
  provinceAgencies,
  smallCounts,
} from '../../contract/coverage-indicators.ts';
import { useMay, useSession } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { useSelectedCommune } from '../map/url-state.ts';
import { useDrawing } from '../map/use-drawing.ts';
import { useProvinceNames } from '../map/use-province-names.ts';
import { useCommunes } from '../places/communes.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { usePageDetail } from '../ui/shell-state.ts';
import { CommuneFigures } from './CommuneFigures.tsx';
import { EquityBlock } from './EquityBlock.tsx';
import { FigureRows } from './FigureRows.tsx';
import { GapList } from './GapList.tsx';
import { GroupTables } from './GroupTables.tsx';
import { HoldingBack } from './HoldingBack.tsx';
import { IndicatorMap } from './IndicatorMap.tsx';
import { IndicatorNavigation } from './IndicatorNavigation.tsx';
import { IndicatorStanding } from './IndicatorStanding.tsx';
import { IndicatorValue } from './IndicatorValue.tsx';
import { InspectionSpread } from './InspectionSpread.tsx';
import { indicatorClasses } from './indicator-classes.ts';
import { NearMisses } from './NearMisses.tsx';
import { OwnFigure } from './OwnFigure.tsx';
import { PlanControls } from './PlanControls.tsx';
import { usePlanQuestion } from './plan-question.ts';
import { rankByShare } from './ranking.ts';
import { SelectedFigure } from './SelectedFigure.tsx';
import { figuresOf } from './standing.ts';
import { TrendLine } from './TrendLine.tsx';
import { useIndicators } from './use-indicators.ts';
import { populationOf, useGaps } from './use-plan-context.ts';

/** One target: its map by commune and the table behind it, its groups, and the rows that make the figure. */
export function IndicatorPage() {
  const { t } = useLanguage();
  const { indicator } = useParams();
  const id = indicatorIds.find((one) => one === indicator);
  if (!id) {
    return (
      <main id="content" className="page-state">
        <p>
          <b>{t('plan.detail.unknown')}</b>
        </p>
        <p>{t('plan.detail.unknownText')}</p>
        <PageLink to="/coverage">{t('plan.detail.back')}</PageLink>
      </main>
    );
  }
  // Another target is another page: nothing of the one before stays open in it.
  return <OneIndicator key={id} id={id} />;
}

function OneIndicator({ id }: { id: IndicatorId }) {
  const { t, language, format } = useLanguage();
  const [question, ask] = usePlanQuestion();
  const may = useMay();
  const session = useSession();
  const [chosenCommune, setSelected] = useSelectedCommune();
  // A commune's account has its own figure alone, which stays open.
  const selected = session.commune ?? chosenCommune;
  const [gapsShown, showGaps] = useQueryState('gaps', parseAsBoolean.withDefault(false));
  const province = useIndicators(question, 'province');
  const months = useIndicators(question, 'month');
  const byCommune = useIndicators(question, 'commune', { indicator: id });
  const drawing = useDrawing();
  const communes = useCommunes();
  const { nameOf, everyName, surroundings } = useProvinceNames(drawing.data ?? null, communes.data);
  const answer = province.isError ? null : (province.data ?? null);
  const population = may.compareCommunes && may.ask('GET /api/coverage/gaps') ? populationOf(id) : null;
  const gaps = useGaps(answer?.asOf ?? null, gapsShown ? population : null);

  const description = answer?.indicators.find((one) => one.id === id) ?? null;
  const name = description?.name[language] ?? null;
  usePageDetail(name);
  const classes = useMemo(() => description && indicatorClasses(description), [description]);
  const figures = useMemo(() => {
    const found = byCommune.data ? figuresOf(byCommune.data, id) : new Map();
    found.delete(provinceAgencies);
    found.delete(smallCounts);
    return found as ReturnType<typeof figuresOf>;
  }, [byCommune.data, id]);
  const ranks = useMemo(
    () => rankByShare([...figures.values()].map(({ group, value }) => ({ code: group, share: value }))),
    [figures],
  );
  const rows = useMemo(
    () =>
      [...figures.entries()].map(([code, figure]) => ({
        code,
        name: nameOf(code),
        figure,
        rank: ranks.get(code) ?? null,
      })),
    [figures, ranks, nameOf],
  );

  // A link to a part of the page, such as the rows behind a number, waits until the part is there.
  const complete = byCommune.isSuccess && answer !== null;
  useEffect(() => {
    if (complete && window.location.hash)
      document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, [complete]);

  const figure = answer && [...figuresOf(answer, id).values()][0];
  const yearIsOver = answer?.period.remainingDays === 0;
  const monthly = months.data && months.data.year === answer?.year ? figuresOf(months.data, id) : null;
  // Whose press items are those of the province's agencies alone.
  const noCommuneDid =
    may.compareCommunes &&
    description?.unit === 'items' &&
    figures.size > 0 &&
    [...figures.values()].every(({ numerator }) => numerator === 0);
  const unread = byCommune.error ?? drawing.error ?? communes.error;
  const select = (code: string | null) => void setSelected(code);
  return (
    <main id="content" className="indicator-page" aria-label={name ?? t(`plan.short.${id}`)}>
      <header className="indicator-head">
        <IndicatorNavigation id={id} />
        <PlanControls question={question} ask={ask} shown={answer} downloads={false} />
      </header>
      {province.isError ? (
        <ReadFailed error={province.error} onRetry={() => void province.refetch()} />
      ) : !answer || !description || !figure || !classes ? (
        <div role="status" className="indicator-waiting">
          <span className="visually-hidden">{t('common.loading')}</span>
          <Skeleton height={180} />
          <Skeleton height={420} />
        </div>
      ) : (
        <div aria-busy={province.isPlaceholderData || byCommune.isPlaceholderData}>
          <div className="indicator-title">
            <h2>{description.name[language]}</h2>
            <p className="quiet">
              {[
                description.section && t('plan.sections.number', { section: description.section }),
                description.definition[language],
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </div>
          <div className="indicator-summary">
            <IndicatorValue description={description} figure={figure} large />
            <IndicatorStanding
              description={description}
              figure={figure}
              year={answer.year}
              yearIsOver={yearIsOver}
            />
            <div className="plan-trend">
              {monthly && (
                <TrendLine
                  description={description}
                  figure={figure}
                  months={monthly}
                  year={answer.year}
                  asOf={answer.asOf}
                  size="large"
                />
              )}
            </div>
          </div>

          {noCommuneDid ? (
            <p className="note">{t('plan.detail.notByCommune')}</p>
          ) : unread && !(byCommune.data && drawing.data) ? (
            <ReadFailed
              error={unread}
              onRetry={() => {
                void byCommune.refetch();
                void drawing.refetch();
                void communes.refetch();
              }}
            />
          ) : !may.compareCommunes ? (
            <OwnFigure
              description={description}
              figure={selected ? figures.get(selected) : undefined}
              read={byCommune.data !== undefined}
              name={selected ? nameOf(selected) : ''}
              yearIsOver={yearIsOver}
            />
          ) : (
            <div className="indicator-place">
              <section aria-labelledby="map-title" id="map">
                <div className="block-head">
                  <h3 id="map-title">{t('plan.detail.map')}</h3>
                  {population && (
                    <Switch
                      className="no-print"
                      size="xs"
                      label={t('plan.gaps.show')}
                      checked={gapsShown}
                      onChange={({ currentTarget: { checked } }) => void showGaps(checked || null)}
                    />
                  )}
                </div>
                {drawing.data && byCommune.data ? (
                  <IndicatorMap
                    description={description}
                    classes={classes}
                    figures={figures}
                    drawing={drawing.data}
                    nameOf={nameOf}
                    everyName={everyName}
                    surroundings={surroundings}
                    gaps={gapsShown ? (gaps.data ?? null) : null}
                    selected={selected}
                    onSelect={select}
                    yearIsOver={yearIsOver}
                    note={[
                      t('common.asOf', { day: format.day(answer.asOf) }),
                      answer.simulated &&
                        t(
                          communes.data?.some(({ simulated }) => simulated)
                            ? 'map.schematic'
                            : 'map.simulated',
                        ),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  />
                ) : (
                  <Skeleton height={520} />
                )}
              </section>
              <div className="indicator-side">
                {selected && byCommune.data && (
                  <SelectedFigure
                    name={nameOf(selected)}
                    description={description}
                    figure={figures.get(selected)}
                    rank={ranks.get(selected) ?? null}
                    figures={figures}
                    neighbours={drawing.data?.neighbours.get(selected) ?? []}
                    yearIsOver={yearIsOver}
                    onClose={() => select(null)}
                  />
                )}
                {byCommune.data && description.unit !== 'items' && (
                  <HoldingBack
                    description={description}
                    figures={figures}
                    nameOf={nameOf}
                    selected={selected}
                    onSelect={select}
                  />
                )}
                {id === 'communes-with-outreach' && may.ask('GET /api/coverage/near-misses') && (
                  <NearMisses question={question} nameOf={nameOf} selected={selected} onSelect={select} />
                )}
              </div>
            </div>
          )}

          {population && gapsShown && (
            <section className="plan-block" id="gaps" aria-labelledby="gaps-title">
              <h3 id="gaps-title">{t('plan.gaps.title')}</h3>
              <GapList gaps={gaps} nameOf={nameOf} onSelect={select} />
            </section>
          )}

          {may.compareCommunes && !noCommuneDid && !(byCommune.error && !byCommune.data) && (
            <CommuneFigures
              question={question}
              description={description}
              rows={byCommune.data ? rows : null}
              agencies={byCommune.data && figuresOf(byCommune.data, id).get(provinceAgencies)}
              year={answer.year}
              yearIsOver={yearIsOver}
              selected={selected}
              onSelect={select}
            />
          )}

          {may.compareCommunes && (
            <section className="plan-block" id="groups" aria-labelledby="groups-title">
              <h3 id="groups-title">{t(noCommuneDid ? 'plan.detail.byQuarter' : 'plan.detail.groups')}</h3>
              <GroupTables question={question} description={description} byCommune={!noCommuneDid} />
            </section>
          )}
          {description.unit !== 'items' && may.ask('GET /api/coverage/equity') && (
            <EquityBlock question={question} indicator={id} />
          )}
          {id === 'establishments-inspected' && may.compareCommunes && (
            <InspectionSpread asOf={answer.asOf} />
          )}
          {may.ask('GET /api/coverage/indicators/:indicator/rows') ? (
            <FigureRows
              question={question}
              description={description}
              commune={selected}
              nameOf={nameOf}
              onWhole={session.commune ? null : () => select(null)}
            />
          ) : (
            <p className="quiet plan-block">
              {t('access.limits.rows', { role: t(`access.roles.${session.role}.name`) })}
            </p>
          )}
        </div>
      )}
    </main>
  );
}
