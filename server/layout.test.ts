import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

// The house rules about who may import whom, and about names: docs/architecture.md says why.

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /^(contract|server|client|scripts|e2e)\/.*\.tsx?$/.test(path));

type Import = { from: string; to: string };

/** Every import of a file: local ones resolved from the project's folder, packages by name. */
const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(from, 'utf8');
  const names = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
    ),
  ];
  return names.map((match) => {
    const name = (match[1] ?? match[2] ?? match[3]) as string;
    return { from, to: name.startsWith('.') ? normalize(join(dirname(from), name)) : name };
  });
});

const isTest = (path: string) =>
  /\.(test|e2e)\.tsx?$/.test(path) || path.includes('/testing/') || path.startsWith('e2e/');
const breaking = (rule: (edge: Import) => boolean) =>
  imports.filter((edge) => !isTest(edge.from) && rule(edge)).map(({ from, to }) => `${from} → ${to}`);
const isLocal = (to: string) => /^(contract|server|client|scripts|e2e)\//.test(to);

describe('imports go one way', () => {
  it('finds the imports at all', () => {
    expect(imports).toContainEqual({ from: 'server/app.ts', to: 'contract/health.ts' });
    expect(imports).toContainEqual({ from: 'server/app.ts', to: 'express' });
  });

  it('contract imports zod and itself alone', () => {
    expect(
      breaking(({ from, to }) => from.startsWith('contract/') && to !== 'zod' && !to.startsWith('contract/')),
    ).toEqual([]);
  });

  it('client never imports server', () => {
    expect(
      breaking(({ from, to }) => from.startsWith('client/') && /^(server|scripts|e2e)\//.test(to)),
    ).toEqual([]);
  });

  it('server never imports client or scripts', () => {
    expect(
      breaking(({ from, to }) => from.startsWith('server/') && /^(client|scripts|e2e)\//.test(to)),
    ).toEqual([]);
  });

  it('nothing outside tests imports what is for tests', () => {
    expect(breaking(({ from, to }) => isLocal(to) && isTest(to) && !/^scripts\/bench/.test(from))).toEqual(
      [],
    );
  });

  it('only db opens connections, and only queries files write SQL', () => {
    expect(
      breaking(
        ({ from, to }) => (to === 'pg' || to.startsWith('@electric-sql/')) && !from.startsWith('server/db/'),
      ),
    ).toEqual([]);
    const writesSql = breaking(
      ({ from, to }) =>
        to === 'server/db/sql.ts' &&
        !/(^|[/-])queries(-[a-z-]+)?\.ts$/.test(from) &&
        !from.startsWith('server/db/') &&
        from !== 'server/http/versioned.ts',
    );
    expect(writesSql).toEqual([]);
  });

  it('only config reads the environment', () => {
    const readers = files.filter(
      (path) =>
        /^(server|contract|client)\//.test(path) &&
        !isTest(path) &&
        /process\.env\b/.test(readFileSync(path, 'utf8')),
    );
    expect(readers).toEqual(['server/config.ts']);
  });

  it('only client/api fetches', () => {
    const fetchers = files.filter(
      (path) => path.startsWith('client/') && !isTest(path) && /\bfetch\(/.test(readFileSync(path, 'utf8')),
    );
    expect(fetchers.filter((path) => !path.startsWith('client/api/'))).toEqual([]);
  });
});

describe('names', () => {
  it('no file or folder is named for nothing', () => {
    const vague = /(^|[-/.])(utils?|helpers?|shared|common|misc|lib)([-/.]|$)/;
    expect(files.filter((path) => vague.test(path))).toEqual([]);
  });

  it('files are kebab-case, or PascalCase when they are one React component', () => {
    const kebab = /^[a-z0-9]+([-.][a-z0-9]+)*\.tsx?$/;
    const component = /^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/;
    expect(files.filter((path) => !kebab.test(basename(path)) && !component.test(basename(path)))).toEqual(
      [],
    );
    const misnamed = files.filter((path) => {
      const name = basename(path, '.tsx');
      return (
        component.test(basename(path)) &&
        !name.includes('.') &&
        !new RegExp(`export (function|const|class) ${name}\\b`).test(readFileSync(path, 'utf8'))
      );
    });
    expect(misnamed).toEqual([]);
  });
});
