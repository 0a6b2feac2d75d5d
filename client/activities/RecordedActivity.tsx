import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { type ActivityKind, activityDayFields } from '../../contract/activities.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { useLanguage } from '../i18n/language.ts';
import type { ActivityCommune } from './activity-commune.ts';
import { type CommuneFigures, type Moved, movedBetween, readCommuneFigures } from './moved-figures.ts';
import { recordLines } from './record-facts.ts';
import type { AnyAnswer } from './use-activities.ts';

type RecordedActivityProps = {
  kind: ActivityKind;
  commune: ActivityCommune;
  answer: AnyAnswer;
  before: CommuneFigures | null;
  corrected: boolean;
  onAgain: () => void;
  onCorrect: () => void;
  onList: () => void;
  onDone: () => void;
};

/** What was recorded, what may be a slip in it, and what it moved. Enter goes on to the next. */
export function RecordedActivity(props: RecordedActivityProps) {
  const { kind, commune, answer, before, corrected, onAgain, onCorrect, onList, onDone } = props;
  const words = useLanguage();
  const { t, language, format } = words;
  const queries = useQueryClient();
  const textId = useId();
  const again = useRef<HTMLButtonElement>(null);
  useEffect(() => again.current?.focus(), []);

  const [moved, setMoved] = useState<{ asOf: string; figures: Moved[] } | 'unknown' | null>(
    before ? null : 'unknown',
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for what was recorded
  useEffect(() => {
    if (!before) return;
    let left = false;
    const today = dayInVietnam(new Date());
    const day = (answer.record as unknown as Record<string, string>)[activityDayFields[kind]] ?? today;
    void readCommuneFigures(queries, commune.code, {
      year: Number(day.slice(0, 4)),
      today,
      fresh: true,
    }).then((after) => {
      if (!left)
        setMoved(after ? { asOf: after.asOf, figures: movedBetween(kind, before, after) } : 'unknown');
    });
    return () => {
      left = true;
    };
  }, []);

  const { day, title, detail } = recordLines(kind, answer, words);
  const value = ({ value: share, numerator }: Moved['before']) =>
    share !== null
      ? format.percent(share)
      : numerator === null
        ? t('plan.small.few')
        : format.integer(numerator);
  return (
    <section
      className="recorded"
      aria-label={t(corrected ? 'activities.recorded.corrected' : 'activities.recorded.title')}
    >
      <h3>{t(corrected ? 'activities.recorded.corrected' : 'activities.recorded.title')}</h3>
      <div id={textId}>
        <p className="recorded-what">
          <b>{t(`activities.kinds.${kind}`)}</b> · {day} · {title}
        </p>
        <p>{detail}</p>
        {'reference' in answer.record && (
          <p className="quiet">
            {t('activities.recorded.reference', { reference: answer.record.reference })}
          </p>
        )}
      </div>
      {answer.notices.map(({ rule, message }) => (
        <p key={rule} className="field-notice" role="note">
          {message[language]}
        </p>
      ))}
      <div className="moved" role="status">
        {moved === null && <p className="quiet">{t('activities.recorded.counting')}</p>}
        {moved !== null && moved !== 'unknown' && moved.figures.length === 0 && (
          <p className="quiet">
            {t(kind === 'outreach' ? 'activities.recorded.stillOutreach' : 'activities.recorded.still')}
          </p>
        )}
        {moved !== null && moved !== 'unknown' && moved.figures.length > 0 && (
          <>
            <p className="quiet">{t('activities.recorded.moved', { day: format.day(moved.asOf) })}</p>
            <ul>
              {moved.figures.map(({ indicator, before: was, after: is }) => (
                <li key={indicator.id}>
                  <span>{indicator.name[language]}</span>
                  <b>
                    {t(
                      (is.numerator ?? 0) > (was.numerator ?? 0)
                        ? 'activities.recorded.from'
                        : 'activities.recorded.to',
                      {
                        before: value(was),
                        after: value(is),
                      },
                    )}
                  </b>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="form-buttons">
        <Button ref={again} size="md" aria-describedby={textId} onClick={onAgain}>
          {t(`activities.recorded.again.${kind}`)}
        </Button>
        <Button size="md" variant="default" onClick={onDone}>
          {t('activities.recorded.done')}
        </Button>
      </div>
      <div className="form-buttons">
        <button type="button" className="link-button" onClick={onCorrect}>
          {t('activities.recorded.correct')}
        </button>
        <button type="button" className="link-button" onClick={onList}>
          {t('activities.recorded.list')}
        </button>
      </div>
    </section>
  );
}
