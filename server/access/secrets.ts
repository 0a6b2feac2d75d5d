import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as text, and the hash that alone is stored: of so many bits no guess is worth a slow hash. */
export function newSecret(prefix = ''): { secret: string; hash: Buffer } {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, hash: hashOfSecret(secret) };
}

export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const secretText = /^[A-Za-z0-9_-]{43}$/;
export const looksLikeSecret = (text: string | undefined, prefix = ''): text is string =>
  text?.startsWith(prefix) === true && secretText.test(text.slice(prefix.length));

/** Told apart from passwords at sight, by people and by programs that look for leaked secrets. */
export const tokenPrefix = 'diaban_';

/** What an account is linked to by single sign-on. The issuer is part of it: subjects of different issuers may be alike. */
export const hashOfSubject = (issuer: string, subject: string): Buffer =>
  createHash('sha256')
    .update(`${new URL(issuer).href}\n${subject}`)
    .digest();

// Without letters and digits that are taken for one another when they are read out.
const readable = 'abcdefghjkmnpqrstuvwxyz23456789';

/** For reading out on the telephone: four groups of four, 79 bits. */
export function newOneTimePassword(): string {
  const characters: string[] = [];
  while (characters.length < 16)
    for (const byte of randomBytes(32)) {
      // the bytes above the last whole turn would make some letters more frequent
      if (byte < 256 - (256 % readable.length) && characters.length < 16)
        characters.push(readable[byte % readable.length]!);
    }
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}
