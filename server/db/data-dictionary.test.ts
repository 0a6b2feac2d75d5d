import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the data dictionary names every table of the schema, and no other', () => {
  const made = new Set<string>();
  const statements = /^(?:create table (\w+)|alter table (\w+) rename to (\w+))/gm;
  for (const name of readdirSync('migrations').sort())
    for (const [, created, former, latter] of readFileSync(`migrations/${name}`, 'utf8').matchAll(
      statements,
    )) {
      if (former) made.delete(former);
      made.add((created ?? latter)!);
    }
  const named = [...readFileSync('docs/data-dictionary.md', 'utf8').matchAll(/^\| `(\w+)`/gm)].map(
    ([, table]) => table,
  );
  expect(named.sort()).toEqual([...made, 'applied_migrations'].sort());
});
