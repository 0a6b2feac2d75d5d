import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the data dictionary names every table of the schema, and no other', () => {
  const made = readdirSync('migrations').flatMap((name) =>
    [...readFileSync(`migrations/${name}`, 'utf8').matchAll(/^create table (\w+)/gm)].map(
      ([, table]) => table,
    ),
  );
  const named = [...readFileSync('docs/data-dictionary.md', 'utf8').matchAll(/^\| `(\w+)`/gm)].map(
    ([, table]) => table,
  );
  expect(named.sort()).toEqual([...made, 'applied_migrations'].sort());
});
