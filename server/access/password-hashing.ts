import { createHash, randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { ProblemError } from '../http/problem.ts';

/** As the database keeps a password: never the password, and never what proves it. */
export type KeptPassword = { salt: Buffer; cost: string; verifier: Buffer };

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane; 50 ms on an office server.
const presentCost = 'm=19456,t=2,p=1';

/** What argon2id makes of a password: proves to the database that the asker knows it. */
async function proofOf(password: string, salt: Buffer, cost: string | null): Promise<Buffer> {
  const [, memory, passes, lanes] = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(cost ?? presentCost)!;
  // One and the same word, however the keyboard composed its diacritics.
  return hashRaw(password.normalize('NFKC'), {
    salt,
    memoryCost: Number(memory),
    timeCost: Number(passes),
    parallelism: Number(lanes),
    outputLen: 32,
  });
}

async function keep(password: string): Promise<KeptPassword> {
  const salt = randomBytes(16);
  const proof = await proofOf(password, salt, presentCost);
  return { salt, cost: presentCost, verifier: createHash('sha256').update(proof).digest() };
}

export type PasswordHashing = {
  /** Work that hashes: a bounded number at a time. @throws the 503 problem when too many wait already. */
  inTurn<Result>(
    work: (hashing: { proofOf: typeof proofOf; keep: typeof keep }) => Promise<Result>,
  ): Promise<Result>;
};

/**
 * Hashing runs in libuv's threads, of which there are four for files and names too, and takes 19 MiB each: two at a time, so
 * that a crowd at the sign-in page slows the sign-in page and nothing else. Who would be the sixty-first to wait is
 * asked to come again.
 */
export function createPasswordHashing({ atOnce = 2, waitingMost = 60 } = {}): PasswordHashing {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async inTurn(work) {
      if (running >= atOnce) {
        if (waiting.length >= waitingMost)
          throw new ProblemError(503, 'Too many sign in at this moment', { remedy: 'Try again in a while.' });
        // whoever ends hands his place over
        await new Promise<void>((turn) => waiting.push(turn));
      } else running += 1;
      try {
        return await work({ proofOf, keep });
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
