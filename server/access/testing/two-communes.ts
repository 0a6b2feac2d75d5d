import { z } from 'zod';
import type { Role } from '../../../contract/access.ts';
import type { ActivityKind } from '../../../contract/activities.ts';
import type { Database } from '../../db/database.ts';
import { type Sql, sql } from '../../db/sql.ts';
import { insertEstablishments, insertSquareCommunes } from '../../testing/province.ts';

/** The commune whose officer asks, and another. Whatever belongs to a commune carries its code in a reference or a name. */
export const ownCommune = '10003';
export const otherCommune = '10007';
const codes = Array.from({ length: 12 }, (_, index) => String(10_001 + index));
export const askersOf: Readonly<Record<Role, { role: Role; commune: string | null; account: string }>> = {
  planner: { role: 'planner', commune: null, account: 'so-y-te-1' },
  inspector: { role: 'inspector', commune: null, account: 'doi-178-1' },
  leader: { role: 'leader', commune: null, account: 'ubnd-tinh-1' },
  commune: { role: 'commune', commune: ownCommune, account: `xa-${ownCommune}` },
  admin: { role: 'admin', commune: null, account: 'quan-tri-1' },
};

/** Twelve communes with some of everything: enough for every analysis to have something to say. */
export async function insertPolicyProvince(db: Database): Promise<void> {
  await insertSquareCommunes(db, codes);
  await insertEstablishments(
    db,
    codes.flatMap((communeCode, commune) =>
      Array.from({ length: 8 }, (_, index) => ({
        licenseNumber: `GP-${communeCode}-${index}`,
        communeCode,
        category: index % 2 ? 'karaoke' : 'guest-house',
        position: [106.01 + commune * 0.1 + index * 0.01, 20.02 + (index % 4) * 0.02] as const,
        inspections: Array.from({ length: 3 }, (_, visit) => ({
          on: `2026-0${1 + ((index + visit * 3) % 9)}-1${visit}`,
          outcome: (commune + index + visit) % 4 ? 'no-violation' : 'administrative',
          ground: ['planned', 'random', 'sign-of-violation'][(index + visit) % 3]!,
        })),
      })),
    ),
  );
  for (const [index, code] of codes.entries()) {
    const west = 106.02 + index * 0.1;
    await db.write(async (transaction) => {
      await transaction.execute(sql`
        insert into border_areas (kind, commune_code, width_meters, derivation, geom)
        values ('coastal', ${code}, 1000, 'coast', ST_Multi(ST_MakeEnvelope(${west}, 20, ${west + 0.05}, 20.01, 4326)))`);
      await transaction.execute(sql`
        insert into industrial_parks (reference, name, commune_code, workers, geom)
        values (${`KCN-${code}`}, ${`Khu công nghiệp ${code}`}, ${code}, 900, ST_Multi(ST_MakeEnvelope(${west}, 20.03, ${west + 0.01}, 20.04, 4326)))`);
      await transaction.execute(sql`
        insert into dormitories (reference, name, kind, commune_code, residents, geom)
        values (${`KTX-${code}`}, ${`Ký túc xá ${code}`}, 'student-dormitory', ${code}, 300, ST_SetSRID(ST_MakePoint(${west}, 20.05), 4326))`);
      await transaction.execute(sql`
        insert into schools (reference, name, kind, commune_code, students, geom)
        values (${`TH-${code}`}, ${`Trường ${code}`}, 'upper-secondary', ${code}, 800, ST_SetSRID(ST_MakePoint(${west}, 20.06), 4326))`);
    });
    for (const role of recordingRoles)
      for (const kind of kindsOf[role]) await insertRecord(db, kind, code, role);
    // And some reports more, so that sums are of more than four.
    for (let more = 0; more < 6; more += 1) await insertRecord(db, 'reports', code, 'commune');
  }
}

export const recordingRoles = ['planner', 'inspector', 'commune'] as const;
export type RecordingRole = (typeof recordingRoles)[number];
const all = ['outreach', 'inspections', 'reports', 'commune-plans', 'training', 'press-items'] as const;
export const kindsOf: Readonly<Record<RecordingRole, readonly ActivityKind[]>> = {
  planner: all.filter((kind) => kind !== 'commune-plans'),
  inspector: ['inspections', 'reports'],
  commune: all,
};

const idRow = z.object({ id: z.number() });
let made = 0;

/** Writes one row as its owner, as if a role had recorded it; gives its id. */
export async function insertRecord(
  db: Database,
  kind: ActivityKind,
  commune: string,
  role: RecordingRole,
): Promise<number> {
  made += 1;
  const reference = `${kind}-${commune}-${role}-${made}`;
  const day = `2026-0${1 + (made % 9)}-0${1 + (made % 8)}`;
  const statements: Record<ActivityKind, Sql> = {
    outreach: sql`
      insert into outreach_session_records (reference, held_on, form, audience, commune_code, school_id, attendance, recorded_role)
      select ${reference}, ${day}, 'direct', 'students', ${commune}, id, ${20 + (made % 50)}::int, ${role} from schools where commune_code = ${commune}`,
    inspections: sql`
      insert into inspection_records (reference, inspected_on, establishment_id, team_level, outcome, ground, recorded_role)
      select ${reference}, ${day}, min(id), ${role === 'commune' ? 'commune' : 'province'}, 'no-violation', 'planned', ${role}
        from establishments where commune_code = ${commune}`,
    reports: sql`
      insert into report_records (reference, received_on, due_on, status, resolved_on, commune_code, h3_cell, recorded_role)
      values (${reference}, ${day}, ${day}::date + 20, 'resolved', ${day}::date + 5, ${commune}, '87415ab20ffffff', ${role})`,
    'commune-plans': sql`
      insert into commune_plan_records (commune_code, year, issued_on, integrated_with, recorded_role)
      values (${commune}, ${2003 + (made % 97)}::int, make_date(${2003 + (made % 97)}::int, 1, 15), '{hiv-aids}', ${role})
      on conflict do nothing`,
    training: sql`
      insert into training_records (reference, held_on, commune_code, unit, officers_attending, officers_in_post, recorded_role)
      values (${reference}, ${day}, ${commune}, ${`Đơn vị ${commune}`}, 12, 20, ${role})`,
    'press-items': sql`
      insert into press_item_records (reference, published_on, outlet_level, commune_code, recorded_role)
      values (${reference}, ${day}, 'local', ${commune}, ${role})`,
  };
  const row = await db.write((transaction) =>
    transaction.maybeRow(idRow, sql`${statements[kind]} returning id`),
  );
  return row?.id ?? insertRecord(db, kind, commune, role);
}

/** Everybody's account, and for one of them an access token, whose number it gives. */
export async function insertAccountWithToken(db: Database, whose: Role): Promise<number> {
  return db.write(async (transaction) => {
    for (const { account, role, commune } of Object.values(askersOf))
      await transaction.execute(
        sql`insert into accounts (name, role, commune_code) values (${account}, ${role}, ${commune}) on conflict do nothing`,
      );
    const { id } = await transaction.row(
      z.object({ id: z.number() }),
      sql`insert into access_tokens (account, name, token_hash, ends_on)
          values (${askersOf[whose].account}, 'QGIS', sha256(gen_random_uuid()::text::bytea), current_date) returning id`,
    );
    return id;
  });
}
