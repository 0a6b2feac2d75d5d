import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZip } from '../../imports/zip-archive.ts';
import { makeApp } from '../../testing/app.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { insertEstablishments, insertSquareCommunes } from '../../testing/province.ts';

// On 1 November 2026 five establishments have been active in the year: A1, A2, A3, B1 and C1. A1 was inspected on
// 1 January and B1 on 5 March, so that at the end of every quarter 2 of 5 are inspected, both gained in the first.
// B3 opens, and C1 is inspected, on the day after. 10004 has no establishment at all.
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await insertSquareCommunes(db, ['10001', '10002', '10003', '10004']);
  await insertEstablishments(db, [
    { licenseNumber: 'A1', communeCode: '10001', inspections: [{ on: '2026-01-01' }, { on: '2026-10-31' }] },
    { licenseNumber: 'A2', communeCode: '10001', inspections: [{ on: '2025-12-31' }] },
    { licenseNumber: 'A3', communeCode: '10001' },
    {
      licenseNumber: 'B1',
      communeCode: '10002',
      activeTo: '2026-06-30',
      inspections: [{ on: '2026-03-05' }],
    },
    { licenseNumber: 'B3', communeCode: '10002', activeFrom: '2026-11-02' },
    { licenseNumber: 'C1', communeCode: '10003', inspections: [{ on: '2026-11-02' }] },
  ]);
});
afterAll(() => db.close());

const path = '/api/coverage/report';
const ask = (query: string, app = makeApp({ db })) =>
  request(app)
    .get(`${path}?${query}`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
async function textOf(docx: Buffer): Promise<string> {
  const archive = await openZip(docx);
  const xml = (await archive.bytes('word/document.xml')).toString('utf8');
  archive.close();
  return [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)]
    .map(([, text]) => text)
    .join('\n')
    .replaceAll('\u00a0', ' ');
}

describe(`GET ${path}`, () => {
  it('says to a commune its own figures and the province’s, and nothing of other communes', async () => {
    const asker = { role: 'commune', commune: '10001', account: 'xa-10001' } as const;
    const app = makeApp({ db, asker });
    const own = await ask('year=2026&period=Q1', app);
    expect(own.status).toBe(200);
    const text = await textOf(own.body);
    expect(text).toContain('xã Xã 10001');
    // 1 of its 3 is inspected, 2 of 5 in the province
    expect(text).toContain('Đã kiểm tra 1 trên 3 cơ sở kinh doanh dịch vụ');
    for (const other of ['10002', '10003', '10004', 'Thứ tự trong tỉnh']) expect(text).not.toContain(other);
    expect(text).toContain('Bản đồ so sánh các xã, phường có trong báo cáo của tỉnh.');
    const named = await ask('year=2026&period=Q1&commune=10001', app);
    expect(await textOf(named.body)).toBe(text);
    expect((await ask('year=2026&period=Q1&commune=10002', app)).status).toBe(403);
    // a leader has the whole, and of the commune its place among the others
    const leader = makeApp({ db, asker: { role: 'leader', commune: null, account: 'ubnd-tinh' } });
    expect(await textOf((await ask('year=2026&period=Q1', leader)).body)).toContain('Đã kiểm tra 2 trên 5');
    expect(await textOf((await ask('year=2026&period=Q1&commune=10001', leader)).body)).toContain(
      'Thứ tự trong tỉnh',
    );
    const inspector = makeApp({ db, asker: { role: 'inspector', commune: null, account: 'doi-178' } });
    expect((await ask('year=2026&period=Q1', inspector)).status).toBe(403);
  });

  it('answers with the province worked out by hand, as a file to be saved', async () => {
    const answer = await ask('year=2026&period=Q1');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    );
    expect(answer.headers['content-disposition']).toBe('attachment; filename="bao-cao-quy-1-2026.docx"');
    const text = await textOf(answer.body);
    expect(text).toContain('Số liệu tính đến ngày 31 tháng 3 năm 2026;');
    expect(text).toContain(
      'Đã kiểm tra 2 trên 5 cơ sở kinh doanh dịch vụ hoạt động trong năm, đạt 40 %. Đã đạt chỉ tiêu 20 %.',
    );
    expect(text).not.toContain('mô phỏng');
  });

  it('counts the gain of the quarter alone, and stands at its end', async () => {
    const text = await textOf((await ask('year=2026&period=Q3')).body);
    expect(text).toContain('Số liệu tính đến ngày 30 tháng 9 năm 2026;');
    expect(text).toContain(
      'Đã kiểm tra 2 trên 5 cơ sở kinh doanh dịch vụ hoạt động trong năm, đạt 40 %. Đã đạt',
    );
  });

  it('counts what came within the period beside what stands', async () => {
    // on 2 November B3 opens and C1 is inspected: 3 of 6, one of them in the fourth quarter
    const later = makeApp({ db, clock: () => new Date('2026-11-03T08:00:00+07:00') });
    expect(await textOf((await ask('year=2026&period=Q4', later)).body)).toContain(
      'Đã kiểm tra 3 trên 6 cơ sở kinh doanh dịch vụ hoạt động trong năm, đạt 50 %. Trong kỳ tăng thêm 1 cơ sở.',
    );
  });

  it('stands as of today where the period goes on, or as of the day asked for', async () => {
    expect(await textOf((await ask('year=2026&period=Q4')).body)).toContain(
      'Số liệu tính đến ngày 01 tháng 11 năm 2026, khi kỳ báo cáo chưa kết thúc (ngày 31/12/2026)',
    );
    expect(await textOf((await ask('year=2026&period=H1&asOf=2026-02-28')).body)).toContain(
      'Đã kiểm tra 1 trên 5 cơ sở',
    );
  });

  it('gives a commune its own report, and what it lacks as missing', async () => {
    const answer = await ask('year=2026&period=9M&commune=10004');
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="bao-cao-9-thang-2026-10004.docx"',
    );
    const text = await textOf(answer.body);
    expect(text).toContain('ỦY BAN NHÂN DÂN\nXÃ XÃ 10004');
    expect(text).toMatch(/Cơ sở được kiểm tra: chưa có số liệu: không có cơ sở nào hoạt động/);
  });

  it('gives a workbook', async () => {
    const answer = await ask('year=2026&period=Q3&format=xlsx');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-disposition']).toBe('attachment; filename="bao-cao-quy-3-2026.xlsx"');
    const archive = await openZip(answer.body);
    expect(archive.names).toContain('xl/workbook.xml');
    archive.close();
  });

  it('says which package is missing where there is no Chromium', async () => {
    const config = { baseUrl: 'http://diaban.test', checkResponses: true, chromium: '/nonexistent/chromium' };
    const answer = await request(makeApp({ db, config })).get(`${path}?year=2026&period=Q3&format=pdf`);
    expect(answer.status).toBe(501);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers.etag).toBeUndefined();
    expect(answer.body.remedy).toContain('apt-get install chromium');
  });

  it('is the same, byte for byte, from another process of the server, and not sent to who has it', async () => {
    const first = await ask('year=2026&period=Q3');
    const other = await ask('year=2026&period=Q3', makeApp({ db }));
    expect(first.body.equals(other.body)).toBe(true);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const again = await request(makeApp({ db }))
      .get(`${path}?year=2026&period=Q3`)
      .set('If-None-Match', first.headers.etag as string);
    expect(again.status).toBe(304);
  });

  it.each([
    ['period=Q3', 'query year', 'expected number'],
    ['year=2026', 'query period', '"Q1"|"Q2"|"H1"|"Q3"|"9M"|"Q4"|"year"'],
    ['year=2026&period=Q5', 'query period', '"Q1"|"Q2"|"H1"|"Q3"|"9M"|"Q4"|"year"'],
    ['year=2026&period=Q3&format=odt', 'query format', '"docx"|"pdf"|"xlsx"'],
    ['year=abc&period=Q3', 'query year', 'number'],
    ['year=1066&period=Q3', 'query year', '2003'],
    ['year=2026&period=Q3&commune=1', 'query commune', '5 digits'],
    ['year=2026&period=Q3&commune=99999', 'query commune', 'no commune has the code 99999'],
    ['year=2010&period=Q3', 'query year', 'nothing is on record of 2010'],
    ['year=2026&period=Q3&asOf=2026-02-31', 'query asOf', 'YYYY-MM-DD'],
    ['year=2026&period=Q3&asOf=2026-06-30', 'query asOf', 'begins on 2026-07-01'],
    ['year=2027&period=Q1', 'query period', 'after the last day on record, 2026-11-01'],
    ['year=2026&period=Q3&map=press-items', 'query map', 'establishments-inspected'],
    ['year=2026&period=Q3&map=points', 'query map', 'establishments-inspected'],
    ['year=2026&period=Q3&scale=2', 'query scale', 'scale'],
  ])('refuses %s', async (query, where, detail) => {
    const answer = await request(makeApp({ db })).get(`${path}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.body.where).toBe(where);
    expect(answer.body.detail).toContain(detail);
  });
});
