import './activities.css';
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ActivityKind } from '../../contract/activities.ts';
import { useSession } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Bounds } from '../places/communes.ts';
import { communeTitle } from '../places/place-names.ts';
import { ActivityForm } from './ActivityForm.tsx';
import { ActivityList } from './ActivityList.tsx';
import type { ActivityCommune } from './activity-commune.ts';
import { type Draft, nextLike } from './draft.ts';
import { type KeptDraft, keepDraft, keptSlots, readKeptDraft } from './kept-drafts.ts';
import type { CommuneFigures } from './moved-figures.ts';
import { RecordedActivity } from './RecordedActivity.tsx';
import { useRecordableKinds } from './recordable-kinds.ts';
import type { AnyActivity, AnyAnswer } from './use-activities.ts';

type View =
  | { name: 'figures' }
  | {
      name: 'form';
      kind: ActivityKind;
      correcting: AnyActivity | null;
      kept: KeptDraft | null;
      like: Draft | null;
      /** Tells one form from the next of the same kind. */
      opening: number;
    }
  | {
      name: 'recorded';
      kind: ActivityKind;
      answer: AnyAnswer;
      before: CommuneFigures | null;
      draft: Draft;
      corrected: boolean;
    }
  | { name: 'list'; kind: ActivityKind; open: number | null };

type CommuneActivitiesProps = {
  commune: { code: string; name: string; type: string; bounds: Bounds; simulated: boolean };
  /** The commune's figures, whose place forms and lists take while they are open. */
  children: ReactNode;
};

/** In a commune's panel: records its activities, and lists what was recorded. */
export function CommuneActivities(props: CommuneActivitiesProps) {
  const kinds = useRecordableKinds();
  const { role, commune } = useSession();
  if (kinds.length === 0 || (role === 'commune' && commune !== props.commune.code)) return props.children;
  // Another commune is another panel: nothing of a form moves from one to the other.
  return <Activities key={props.commune.code} {...props} />;
}

/** Forms left unfinished that the account may still send. */
const slotsOf = (code: string, kinds: readonly ActivityKind[]) =>
  keptSlots(code).filter(({ kind }) => kinds.includes(kind));

function Activities({ commune: { code, name, type, bounds, simulated }, children }: CommuneActivitiesProps) {
  const { t } = useLanguage();
  const kinds = useRecordableKinds();
  const [view, setView] = useState<View>({ name: 'figures' });
  const [openings, setOpenings] = useState(0);
  const [unfinished, setUnfinished] = useState(() => slotsOf(code, kinds));
  const entry = useRef<HTMLDivElement>(null);

  const commune: ActivityCommune = {
    code,
    bounds,
    simulated,
    // Official names are Vietnamese in either language of the interface.
    office: `UBND ${communeTitle({ type, name }, 'vi', type).replace(/^./, (letter) => letter.toLowerCase())}`,
  };

  /** Of a correction only that of the same record. */
  const keptFor = (kind: ActivityKind, correcting: AnyActivity | null) => {
    const kept = readKeptDraft(code, { kind, correction: correcting !== null });
    return kept?.correcting?.id === correcting?.id ? kept : null;
  };
  const openForm = (
    kind: ActivityKind,
    {
      correcting = null,
      like = null,
      kept = like ? null : keptFor(kind, correcting),
    }: { correcting?: AnyActivity | null; like?: Draft | null; kept?: KeptDraft | null } = {},
  ) => {
    setOpenings(openings + 1);
    setView({
      name: 'form',
      kind,
      correcting: kept?.correcting ?? correcting,
      kept,
      like,
      opening: openings,
    });
  };
  const openList = (kind: ActivityKind, open: number | null = null) => setView({ name: 'list', kind, open });
  const showFigures = () => {
    setUnfinished(slotsOf(code, kinds));
    setView({ name: 'figures' });
  };

  // Back among the figures, the keyboard goes on where it left them.
  const from = view.name === 'figures' ? null : view.name === 'list' ? 'list' : view.kind;
  const before = useRef(from);
  useEffect(() => {
    if (from === null && before.current !== null)
      entry.current?.querySelector<HTMLElement>(`[data-opens="${before.current}"]`)?.focus();
    before.current = from;
  }, [from]);

  switch (view.name) {
    case 'form':
      return (
        <ActivityForm
          key={view.opening}
          kind={view.kind}
          commune={commune}
          correcting={view.correcting}
          kept={view.kept}
          like={view.like}
          onLeave={() => (view.correcting ? openList(view.kind, view.correcting.id) : showFigures())}
          onRecorded={({ answer, before, draft }) =>
            setView({
              name: 'recorded',
              kind: view.kind,
              answer,
              before,
              draft,
              corrected: view.correcting !== null,
            })
          }
          onList={() => openList(view.kind, view.correcting?.id ?? null)}
        />
      );
    case 'recorded':
      return (
        <RecordedActivity
          kind={view.kind}
          commune={commune}
          answer={view.answer}
          before={view.before}
          corrected={view.corrected}
          onAgain={() => openForm(view.kind, { like: nextLike(view.draft) })}
          onCorrect={() => openForm(view.kind, { correcting: view.answer })}
          onList={() => openList(view.kind, view.answer.id)}
          onDone={showFigures}
        />
      );
    case 'list':
      return (
        <ActivityList
          kind={view.kind}
          open={view.open}
          commune={commune}
          onKind={(kind) => openList(kind)}
          onRecord={(kind) => openForm(kind)}
          onCorrect={(correcting) => openForm(view.kind, { correcting })}
          onBack={showFigures}
        />
      );
    case 'figures':
      return (
        <>
          <div className="activity-entry no-print" ref={entry}>
            <fieldset>
              <legend>{t('activities.record')}</legend>
              {kinds.map((kind) => (
                <button
                  key={kind}
                  type="button"
                  className="activity-kind"
                  data-opens={kind}
                  onClick={() => openForm(kind)}
                >
                  {t(`activities.kinds.${kind}`)}
                </button>
              ))}
            </fieldset>
            {unfinished.map((slot) => (
              <p key={`${slot.kind}.${slot.correction}`} className="unfinished">
                <span>
                  {t(slot.correction ? 'activities.unfinishedCorrection' : 'activities.unfinished', {
                    kind: t(`activities.kinds.${slot.kind}`),
                  })}
                </span>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => openForm(slot.kind, { kept: readKeptDraft(code, slot) })}
                >
                  {t('activities.resume')}
                </Button>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => {
                    keepDraft(code, slot, null);
                    setUnfinished(slotsOf(code, kinds));
                    entry.current?.querySelector<HTMLElement>(`[data-opens="${slot.kind}"]`)?.focus();
                  }}
                >
                  {t('activities.discard')}
                </Button>
              </p>
            ))}
            <button
              type="button"
              className="link-button"
              data-opens="list"
              onClick={() => openList(kinds[0]!)}
            >
              {t('activities.records')}
            </button>
          </div>
          {children}
        </>
      );
  }
}
