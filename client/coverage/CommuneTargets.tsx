import './commune-targets.css';
import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useMay } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { useDrawing } from '../map/use-drawing.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { communeValueWords, doneWords, valueWords } from './figure-words.ts';
import { neighbourStanding } from './neighbour-standing.ts';
import { latest, planAddress } from './plan-question.ts';
import { ReportDownload } from './ReportDownload.tsx';
import { type Rank, rankByShare } from './ranking.ts';
import { StatusIcon } from './StatusMark.tsx';
import { figuresOf, isDoneOrNot, toldStatus } from './standing.ts';
import { useIndicators } from './use-indicators.ts';

/** A commune against the ten targets: each figure with its rank, the communes around it, and the province. */
export function CommuneTargets({ code }: { code: string }) {
  const { t } = useLanguage();
  const may = useMay();
  const byCommune = useIndicators(latest, 'commune');
  const province = useIndicators(latest, 'province');
  const neighbours = useDrawing().data?.neighbours.get(code) ?? null;
  const failed = byCommune.error ?? province.error;
  return (
    <section className="commune-targets" aria-labelledby="commune-targets">
      <h3 id="commune-targets">{t('plan.panel.title')}</h3>
      {byCommune.data && province.data ? (
        <>
          <table className="targets-table">
            <caption className="visually-hidden">{t('plan.panel.hint')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('plan.panel.indicator')}</th>
                <th scope="col">{t('plan.panel.here')}</th>
                {may.compareCommunes && (
                  <>
                    <th scope="col">{t('plan.panel.rank')}</th>
                    <th
                      scope="col"
                      title={
                        neighbours ? t('plan.panel.neighboursHint', { count: neighbours.length }) : undefined
                      }
                    >
                      {t('plan.panel.neighbours')}
                    </th>
                  </>
                )}
                <th scope="col">{t('plan.panel.province')}</th>
              </tr>
            </thead>
            <tbody>
              {byCommune.data.indicators.map((description) => {
                const figures = figuresOf(byCommune.data, description.id);
                return (
                  <TargetRow
                    key={description.id}
                    code={code}
                    description={description}
                    figures={figures}
                    whole={[...figuresOf(province.data, description.id).values()][0]}
                    neighbours={neighbours}
                    yearIsOver={province.data.period.remainingDays === 0}
                  />
                );
              })}
            </tbody>
          </table>
          {may.compareCommunes && may.ask('GET /api/coverage/indicators/:indicator/rows') && (
            <p className="quiet no-print targets-hint">{t('plan.panel.hint')}</p>
          )}
          {may.ask('GET /api/coverage/report') && (
            <ReportDownload
              year={province.data.year}
              shownAsOf={province.data.asOf}
              asOf={latest.asOf}
              commune={code}
            />
          )}
        </>
      ) : failed ? (
        <ReadFailed
          error={failed}
          onRetry={() => {
            void byCommune.refetch();
            void province.refetch();
          }}
        />
      ) : (
        <Skeleton height={420} mt={8} />
      )}
    </section>
  );
}

function TargetRow({
  code,
  description,
  figures,
  whole,
  neighbours,
  yearIsOver,
}: {
  code: string;
  description: IndicatorDescription;
  figures: ReadonlyMap<string, IndicatorFigure>;
  whole: IndicatorFigure | undefined;
  /** Null while the outlines are being read. */
  neighbours: readonly string[] | null;
  yearIsOver: boolean;
}) {
  const words = useLanguage();
  const { t, language, format } = words;
  const may = useMay();
  const figure = figures.get(code);
  const seesRows = may.ask('GET /api/coverage/indicators/:indicator/rows');
  const rank = rankOf(figures, description, code);
  const around = neighbours && neighbourStanding(figures, neighbours);
  const single = isDoneOrNot(description);
  const counted = description.unit === 'items';
  const address = planAddress(`/coverage/${description.id}`, latest, { commune: code });
  const value = figure && (single ? communeValueWords : valueWords)(figure, description, words);
  return (
    <tr>
      <th scope="row">
        <Link to={address} title={description.name[language]}>
          {t(`plan.panel.names.${description.id}`)}
        </Link>
      </th>
      <td>
        <Link
          to={seesRows ? `${address}#rows` : address}
          className="target-here"
          title={
            seesRows ? t('plan.panel.rows', { name: description.name[language] }) : description.name[language]
          }
        >
          {figure && !counted && <StatusIcon status={toldStatus(figure, yearIsOver)} size={13} />}
          <b data-missing={value == null || undefined}>
            {counted ? format.integer(figure?.numerator ?? 0) : (value ?? '–')}
          </b>
        </Link>
        <span className="quiet">
          {!figure || value == null
            ? (figure?.reason?.[language] ?? t('common.notOnRecord'))
            : !single && !counted && <Counted figure={figure} description={description} />}
        </span>
      </td>
      {may.compareCommunes && (
        <>
          <td>
            {rank ? (
              <>
                {format.integer(rank.rank)}
                <span className="quiet">/{format.integer(rank.of)}</span>
                {rank.sharedBy > 1 && (
                  <span className="quiet targets-second">
                    {t('plan.panel.with', { count: rank.sharedBy - 1 })}
                  </span>
                )}
              </>
            ) : (
              <Dash />
            )}
          </td>
          <td>
            {!around || counted || around.of === 0 ? (
              <Dash />
            ) : single ? (
              t('plan.panel.doneOf', { done: around.done, of: around.of })
            ) : (
              format.percent(around.median ?? 0)
            )}
          </td>
        </>
      )}
      <td>
        {whole ? (
          counted ? (
            format.integer(whole.numerator ?? 0)
          ) : (
            (valueWords(whole, description, words) ?? <Dash />)
          )
        ) : (
          <Dash />
        )}
      </td>
    </tr>
  );
}

/** As short as a narrow column asks for, "440–715/1.056"; the unit is in the name, and is read out. */
function Counted({ figure, description }: { figure: IndicatorFigure; description: IndicatorDescription }) {
  const words = useLanguage();
  const { integer } = words.format;
  const { numerator, upperNumerator, denominator } = figure;
  if (numerator === null || figure.suppressed) return doneWords(figure, description, words);
  const done =
    upperNumerator !== null && upperNumerator > numerator
      ? `${integer(numerator)}–${integer(upperNumerator)}`
      : integer(numerator);
  return (
    <>
      <span aria-hidden="true">
        {done}/{integer(denominator ?? 0)}
      </span>
      <span className="visually-hidden">{doneWords(figure, description, words)}</span>
    </>
  );
}

function rankOf(
  figures: ReadonlyMap<string, IndicatorFigure>,
  { unit }: IndicatorDescription,
  code: string,
): Rank | null {
  if (unit === 'items') return null;
  const shares = [...figures.values()].map(({ group, value }) => ({ code: group, share: value }));
  return rankByShare(shares).get(code) ?? null;
}

function Dash() {
  const { t } = useLanguage();
  return (
    <span className="missing-figure">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t('common.notOnRecord')}</span>
    </span>
  );
}
