import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('docs/threat-model.md names tests that there are, for every attack', () => {
  const document = readFileSync('docs/threat-model.md', 'utf8');
  const attacks = document
    .split('## Attacks')[1]!
    .split('## What is not stopped')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| attack |'));
  expect(attacks.length).toBeGreaterThan(25);
  const unproven: string[] = [];
  for (const attack of attacks) {
    const proof = attack.split(' | ')[2] ?? '';
    const named = [...proof.matchAll(/`([^`]+\.(?:test|e2e)\.ts)` “([^”]+)”/g)];
    for (const [, file, words] of named)
      if (!existsSync(file!) || !readFileSync(file!, 'utf8').includes(words!))
        unproven.push(`${file} “${words}”`);
    // said to be open, or proven by the run itself
    if (!named.length && proof.trim() !== '–' && proof.trim() !== '`.ci/run`')
      unproven.push(attack.slice(0, 80));
  }
  expect(unproven).toEqual([]);
});
