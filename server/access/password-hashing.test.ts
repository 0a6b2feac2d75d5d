import { createHash } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { createPasswordHashing } from './password-hashing.ts';

describe('hashing a password', () => {
  it('is argon2id, 19 MiB, two passes, one lane, as the library’s own text says', async () => {
    const { keep, proofOf } = await createPasswordHashing().inTurn(async (hashing) => hashing);
    const { salt, cost, verifier } = await keep('con đường làng');
    expect([salt.length, cost, verifier.length]).toEqual([16, 'm=19456,t=2,p=1', 32]);
    const proof = await proofOf('con đường làng', salt, cost);
    const text = await hash('con đường làng', { salt, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    expect(text).toBe(
      `$argon2id$v=19$${cost}$${salt.toString('base64').replace(/=+$/, '')}$${proof.toString('base64').replace(/=+$/, '')}`,
    );
    // what is stored proves nothing
    expect(verifier).toEqual(createHash('sha256').update(proof).digest());
    expect(await proofOf('con đường làng'.normalize('NFD'), salt, cost)).toEqual(proof);
    expect(await proofOf('con đường lang', salt, cost)).not.toEqual(proof);
    expect((await keep('con đường làng')).salt).not.toEqual(salt);
  });

  it('is done for two at a time, in the order in which they came; whoever is too many is told', async () => {
    const { inTurn } = createPasswordHashing({ atOnce: 2, waitingMost: 3 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const letGo: (() => void)[] = [];
    const work = (number: number) =>
      inTurn(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((done) => letGo.push(done));
        running -= 1;
        order.push(number);
        if (number === 1) throw new Error('this one fails');
      });
    const asked = [0, 1, 2, 3, 4].map(work);
    const failing = expect(asked[1]).rejects.toThrow('this one fails');
    await expect(work(5)).rejects.toMatchObject({ problem: { status: 503 } });
    while (order.length < 5) {
      letGo.shift()?.();
      await new Promise((turn) => setImmediate(turn));
    }
    await failing;
    await Promise.all(asked.filter((_, index) => index !== 1));
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    // all places are free again
    const later = [work(6), work(7)];
    await new Promise((turn) => setImmediate(turn));
    for (const done of letGo.splice(0)) done();
    await Promise.all(later);
    expect(running).toBe(0);
  });
});
