import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type ActivityKind, activityDayFields } from '../../contract/activities.ts';
import { dayInVietnam } from '../../contract/calendar-day.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { useLanguage } from '../i18n/language.ts';
import { ActivityControl } from './ActivityControl.tsx';
import type { ActivityCommune } from './activity-commune.ts';
import { activityFields, type FieldName } from './activity-fields.ts';
import { ConflictChoice } from './ConflictChoice.tsx';
import {
  changed,
  type Draft,
  draftOf,
  type FieldErrors,
  isAsked,
  isSameDraft,
  newDraft,
  readDraft,
  rememberedOf,
} from './draft.ts';
import { controlId } from './FieldFrame.tsx';
import { FormRefusal } from './FormRefusal.tsx';
import { type KeptDraft, keepDraft, readRemembered, remember } from './kept-drafts.ts';
import { LeaveQuestion } from './LeaveQuestion.tsx';
import { type CommuneFigures, communeFiguresKey, readCommuneFigures } from './moved-figures.ts';
import { type Refusal, refusalOf } from './server-errors.ts';
import {
  type AnyActivity,
  type AnyAnswer,
  type AnyBody,
  correctActivity,
  createActivity,
  readActivity,
  useActivityPlaces,
  useReadAgain,
} from './use-activities.ts';

type ActivityFormProps = {
  kind: ActivityKind;
  commune: ActivityCommune;
  /** The record to correct; null for a new one. */
  correcting: AnyActivity | null;
  /** What was typed before the panel was closed. */
  kept: KeptDraft | null;
  /** What a new record starts from instead of nothing: the one that was just recorded. */
  like: Draft | null;
  onLeave: () => void;
  onRecorded: (recorded: { answer: AnyAnswer; before: CommuneFigures | null; draft: Draft }) => void;
  onList: () => void;
};

/** Records one activity of a commune, or corrects it. */
export function ActivityForm(props: ActivityFormProps) {
  const { kind, commune, kept, like, onLeave, onRecorded, onList } = props;
  const { t } = useLanguage();
  const queries = useQueryClient();
  const readAgain = useReadAgain();
  const headingId = useId();
  const form = useRef<HTMLFormElement>(null);
  const today = dayInVietnam(new Date());

  const [correcting, setCorrecting] = useState(props.correcting);
  const [initial] = useState<Draft>(() =>
    correcting
      ? draftOf(kind, correcting.record)
      : (like ?? newDraft(kind, { today, unit: commune.office, remembered: readRemembered() })),
  );
  const [draft, setDraft] = useState<Draft>(() => kept?.draft ?? initial);
  const [idempotencyKey, setIdempotencyKey] = useState(() => kept?.idempotencyKey ?? newIdempotencyKey());
  const [errors, setErrors] = useState<FieldErrors>({});
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [conflict, setConflict] = useState<{ current: AnyAnswer; body: AnyBody } | null>(null);
  const [leaving, setLeaving] = useState(false);
  const [sending, setSending] = useState(false);
  // The state of a button is a drawing behind; two clicks may come before it.
  const underWay = useRef(false);

  const dirty = !isSameDraft(draft, initial);
  const correction = correcting !== null;
  const slot = useMemo(() => ({ kind, correction }), [kind, correction]);
  useEffect(() => {
    keepDraft(commune.code, slot, dirty ? { draft, correcting, idempotencyKey } : null);
  }, [commune.code, slot, dirty, draft, correcting, idempotencyKey]);

  const fields = activityFields[kind].filter(
    (field) => isAsked(field, draft) && !(correcting && field.name === 'reference'),
  );
  const focusField = (name: FieldName) => document.getElementById(controlId({ name }))?.focus();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form opens
  useEffect(() => {
    form.current?.closest('.panel-scroll')?.scrollTo({ top: 0 });
    const first = like ? fields.find(({ name }) => !draft[name] && name !== 'reference') : null;
    focusField((first ?? fields[0]!).name);
    void readCommuneFigures(queries, commune.code, { year: Number(today.slice(0, 4)), today, fresh: false });
  }, []);

  const places = useActivityPlaces(commune.code, kind === 'outreach' || kind === 'inspections');
  const change = (name: keyof Draft, value: string) => {
    setDraft((before) => changed(before, name, value, today));
    if (name !== 'placeText') setErrors(({ [name]: _, ...others }) => others);
    else setErrors(({ place: _, licenseNumber: __, ...others }) => others);
    setLeaving(false);
  };

  const showErrors = (found: FieldErrors) => {
    setErrors(found);
    const first = fields.find(({ name }) => found[name]);
    if (first) focusField(first.name);
  };

  const send = async ({
    key = idempotencyKey,
    upon = correcting,
  }: {
    key?: string;
    upon?: AnyActivity | null;
  } = {}) => {
    if (underWay.current) return;
    const read = readDraft(kind, draft, { communeCode: communeOf(correcting) ?? commune.code, today });
    if (read.body === null) return showErrors(read.errors);
    const body = read.body as AnyBody;
    const day = (body as unknown as Record<string, string>)[activityDayFields[kind]] ?? today;
    const before = queries.getQueryData<CommuneFigures>(
      communeFiguresKey(commune.code, { year: Number(day.slice(0, 4)), today }),
    );
    underWay.current = true;
    setSending(true);
    setRefusal(null);
    setErrors({});
    try {
      const answer = upon ? await correctActivity(kind, upon, body) : await createActivity(kind, body, key);
      remember(rememberedOf(draft));
      keepDraft(commune.code, slot, null);
      readAgain();
      onRecorded({ answer, before: before ?? null, draft });
    } catch (error) {
      const refused = refusalOf(error, kind);
      underWay.current = false;
      setSending(false);
      if (refused.kind === 'changed' && upon) {
        try {
          setConflict({ current: await readActivity(kind, upon.id), body });
        } catch (readError) {
          setRefusal(refusalOf(readError, kind));
        }
        return;
      }
      setConflict(null);
      if (refused.kind === 'faults') showErrors(refused.fields);
      setRefusal(refused.kind === 'faults' && refused.rest.length === 0 ? null : refused);
    }
  };

  const leave = () => {
    if (!dirty) return onLeave();
    setLeaving(true);
  };
  const discard = () => {
    keepDraft(commune.code, slot, null);
    onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter held down on the button that opened the form would send it at once.
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    if (leaving) setLeaving(false);
    else leave();
  };

  const place = useMemo(
    () =>
      (places.data ?? []).find(
        ({ collection, reference }) => `${collection}/${reference}` === (draft.place || draft.licenseNumber),
      ) ?? null,
    [places.data, draft.place, draft.licenseNumber],
  );
  if (conflict && correcting) {
    const { current, body } = conflict;
    return (
      <ConflictChoice
        kind={kind}
        mine={{
          record: { ...correcting.record, ...body } as AnyActivity['record'],
          about: {
            ...correcting.about,
            place: place
              ? place.name
                ? { vi: place.name, en: place.name }
                : { vi: `${place.sort.vi} ${place.reference}`, en: `${place.sort.en} ${place.reference}` }
              : correcting.about.place,
          },
        }}
        theirs={current}
        sending={sending}
        onMine={() => void send({ upon: current })}
        onTheirs={() => {
          keepDraft(commune.code, slot, null);
          readAgain();
          onList();
        }}
        onEdit={() => {
          setCorrecting(current);
          setConflict(null);
          requestAnimationFrame(() => focusField(fields[0]!.name));
        }}
      />
    );
  }

  const wrong = Object.keys(errors).length;
  return (
    <form
      ref={form}
      className="activity-form"
      aria-labelledby={headingId}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={onKeyDown}
    >
      <h3 id={headingId}>{t(correcting ? `activities.corrections.${kind}` : `activities.forms.${kind}`)}</h3>
      {kept && <p className="field-hint">{t('activities.form.kept')}</p>}
      {fields.map((field) => (
        <ActivityControl
          key={field.name}
          field={field}
          draft={draft}
          error={errors[field.name] ?? null}
          today={today}
          commune={commune}
          place={place}
          onChange={change}
          onPicked={() => {
            const next = fields[fields.findIndex(({ name }) => name === field.name) + 1];
            if (next) focusField(next.name);
          }}
        />
      ))}
      {commune.simulated && <p className="field-hint simulated-note">{t('activities.form.simulated')}</p>}
      <div className="form-foot">
        {refusal && (
          <FormRefusal
            refusal={refusal}
            onAsNew={() => {
              const key = newIdempotencyKey();
              setIdempotencyKey(key);
              void send({ key });
            }}
            onList={onList}
          />
        )}
        {wrong > 0 && (
          <p className="field-error" role="alert">
            {t('activities.errors.some', { count: wrong })}
          </p>
        )}
        {leaving ? (
          <LeaveQuestion onStay={() => setLeaving(false)} onKeep={onLeave} onDiscard={discard} />
        ) : (
          <div className="form-buttons">
            <Button type="submit" size="md" aria-disabled={sending} data-sending={sending}>
              {sending
                ? t('activities.form.sending')
                : refusal?.kind === 'unreachable'
                  ? t('activities.form.sendAgain')
                  : t(correcting ? 'activities.form.sendCorrection' : 'activities.form.send')}
            </Button>
            <Button size="md" variant="default" onClick={leave}>
              {t('activities.form.back')}
            </Button>
            <span className="quiet form-keys">{t('activities.form.keys')}</span>
          </div>
        )}
      </div>
    </form>
  );
}

/** A record stays in the commune that it is of, which for an inspection its establishment says. */
const communeOf = (activity: AnyActivity | null): string | null =>
  activity && 'communeCode' in activity.record ? activity.record.communeCode : null;
