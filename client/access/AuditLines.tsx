import { useState } from 'react';
import { type Role, roles } from '../../contract/access.ts';
import type { AuditLine } from '../../contract/audit.ts';
import { useLanguage } from '../i18n/language.ts';
import { momentWords } from './moments.ts';

/** One row for each line: when, who, from where, and in a sentence what; the rest of it opens beneath. */
export function AuditLines({ lines }: { lines: readonly AuditLine[] }) {
  const { t } = useLanguage();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    // Focusable, so that the keyboard can scroll it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="table-scroll admin-scroll" aria-label={t('access.audit.title')} tabIndex={0}>
      <table className="admin-table audit-table">
        <caption className="visually-hidden">{t('access.audit.text')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('access.audit.at')}</th>
            <th scope="col">{t('access.audit.who')}</th>
            <th scope="col">{t('access.audit.what')}</th>
            <th scope="col">{t('access.audit.where')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('access.audit.details')}</span>
            </th>
          </tr>
        </thead>
        {lines.map((line) => (
          <Line key={line.id} line={line} open={open.has(line.id)} onToggle={() => toggle(line.id)} />
        ))}
      </table>
    </section>
  );
}

function Line({ line, open, onToggle }: { line: AuditLine; open: boolean; onToggle: () => void }) {
  const { t, language, format } = useLanguage();
  const known = roles.find((one): one is Role => one === line.role);
  const detailsId = `audit-${line.id}`;
  const details: [string, string][] = [];
  if (line.endpoint) details.push([t('access.audit.endpoint'), line.endpoint]);
  if (line.filters && Object.keys(line.filters).length)
    details.push([t('access.audit.asked'), written(line.filters)]);
  if (line.rows !== null) details.push([t('access.audit.rows'), format.integer(line.rows)]);
  if (line.change)
    details.push([
      t('access.audit.change'),
      `${line.change.kind} ${line.change.id}, ${t('access.audit.version', { version: line.change.version })}: ${line.change.fields.join(', ')}`,
    ]);
  if (line.facts && Object.keys(line.facts).length)
    details.push([t('access.audit.facts'), written(line.facts)]);
  if (line.position !== null && line.hash)
    details.push([
      t('access.audit.seal'),
      t('access.audit.sealed', { position: format.integer(line.position), hash: line.hash }),
    ]);
  else details.push([t('access.audit.seal'), t('access.audit.notSealed')]);
  return (
    <tbody data-kind={line.kind}>
      <tr>
        <td className="audit-at">{momentWords(line.at, format)}</td>
        <td>
          <b>{line.account ?? accountTold(line) ?? '–'}</b>
          <span className="quiet">
            {known
              ? t(`access.roles.${known}.name`)
              : t(line.role === 'owner' ? 'access.audit.owner' : 'access.audit.visitor')}
            {line.commune && ` · ${line.commune}`}
          </span>
        </td>
        <td>{line.sentence[language]}</td>
        <td className="quiet">{line.address ?? t('access.audit.commandLine')}</td>
        <td>
          <button
            type="button"
            className="link-button"
            aria-expanded={open}
            aria-controls={detailsId}
            onClick={onToggle}
          >
            {t('access.audit.details')}
            <span className="visually-hidden">
              {' '}
              {t('access.audit.ofLine', { line: line.sentence[language] })}
            </span>
          </button>
        </td>
      </tr>
      <tr id={detailsId} hidden={!open} className="audit-details">
        <td colSpan={5}>
          <dl>
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </td>
      </tr>
    </tbody>
  );
}

/** Of a sign-in, which nobody asks for who is signed in already, the account that came of it or was tried. */
const accountTold = ({ facts }: AuditLine): string | null =>
  typeof facts?.account === 'string' ? facts.account : null;

const written = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
