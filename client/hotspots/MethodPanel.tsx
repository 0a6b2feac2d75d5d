import { useLanguage } from '../i18n/language.ts';
import { pWords } from './figures.ts';
import { methodDocuments } from './method-documents.ts';
import { askingOf, type Question, type Side, sides } from './question.ts';
import { reasonInWords } from './reason-words.ts';
import { sideWords } from './side-words.ts';
import type { Answered } from './use-analysis.ts';

type MethodPanelProps = { question: Question; answers: Record<Side, Answered | null> };

const parts = ['shows', 'sure', 'saysNot', 'notFor'] as const;

/** The method in plain words, and beneath it all that it takes to make the result again. */
export function MethodPanel({ question, answers }: MethodPanelProps) {
  const { t } = useLanguage();
  return (
    <section className="method-panel" aria-labelledby="method-title">
      <h2 id="method-title">{t('hotspots.method.title')}</h2>
      <h3>{t('hotspots.method.whyTwo')}</h3>
      <p>{t('hotspots.method.whyTwoText')}</p>
      {parts.map((part) => (
        <div key={part}>
          <h3>{t(`hotspots.method.${part}`)}</h3>
          <p>{t(`hotspots.method.${question.view}.${part}`)}</p>
        </div>
      ))}
      <p className="quiet">{t('hotspots.map.help')}</p>
      <p className="quiet">
        {t('hotspots.method.documents')}{' '}
        {methodDocuments.map(({ name, address }) => (
          <a key={name} href={address} target="_blank" rel="noreferrer">
            {t('hotspots.method.document', { name })}
          </a>
        ))}
      </p>
      {sides.map((side) => {
        const answered = answers[side];
        return (
          answered && (
            <details key={side} className="provenance">
              <summary>
                {t(sideWords(side, question).title)}: {t('hotspots.method.provenance')}
              </summary>
              <Provenance answered={answered} question={question} side={side} />
            </details>
          )
        );
      })}
    </section>
  );
}

function Provenance({ answered, question, side }: { answered: Answered; question: Question; side: Side }) {
  const { t, format, language } = useLanguage();
  const { name, answer } = answered;
  const { endpoint, query } = askingOf(question, side);
  const address = `${endpoint.path}?${new URLSearchParams(query as Record<string, string>)}`;
  const moran = name === 'local' ? answer.global.moran : null;
  const facts: [string, string][] = [
    [t('hotspots.provenance.period'), `${format.day(answer.from)} – ${format.day(answer.to)}`],
    [t('hotspots.provenance.category'), answer.category ?? t('hotspots.controls.allCategories')],
    ...Object.entries(answer.method).map(([key, value]): [string, string] => [key, String(value ?? '–')]),
    ...(name === 'relative-risk'
      ? ([
          [t('hotspots.table.violations'), format.integer(answer.violations)],
          [t('hotspots.table.inspections'), format.integer(answer.inspections)],
        ] as [string, string][])
      : [[t('hotspots.provenance.n'), format.integer(answer.n)] as [string, string]]),
    ...(name === 'local' || name === 'trend'
      ? ([
          [t('hotspots.provenance.tested'), format.integer(answer.areas.length)],
          [t('hotspots.provenance.notTestable'), format.integer(answer.notTestable.length)],
        ] as [string, string][])
      : []),
    ...(moran
      ? ([
          [
            t('hotspots.provenance.moran'),
            t('hotspots.provenance.moranValue', {
              i: format.fixed(moran.i, 3),
              z: format.fixed(moran.z, 2),
              p: pWords(moran.p, format),
            }),
          ],
        ] as [string, string][])
      : []),
    ...(name === 'density'
      ? ([[t('hotspots.provenance.integral'), format.decimal(answer.integral, 3)]] as [string, string][])
      : []),
    [t('hotspots.provenance.dataVersion'), format.integer(answer.dataVersion)],
    [t('hotspots.provenance.simulated'), answer.simulated ? t('common.yes') : t('common.no')],
  ];
  const warnings = name === 'local' || name === 'trend' ? answer.warnings : [];
  return (
    <dl className="provenance-facts">
      {facts.map(([fact, value]) => (
        <div key={fact}>
          <dt>{fact}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {warnings.map((warning) => (
        <div key={warning}>
          <dt>{t('hotspots.provenance.warnings')}</dt>
          <dd>{reasonInWords(warning, language)}</dd>
        </div>
      ))}
      <div>
        <dt>{t('hotspots.provenance.request')}</dt>
        <dd>
          <a href={address} target="_blank" rel="noreferrer">
            {address}
          </a>
        </dd>
      </div>
    </dl>
  );
}
