import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { hasAdmin, writeSignInSettings } from './account-queries.ts';

/**
 * Before the server answers, with the owner's rights: tells the database how one may sign in, and the keeper of the machine how
 * the first account is made where nobody could sign in otherwise.
 */
export async function prepareSignIn(
  owner: Database,
  config: Pick<Config, 'demo' | 'singleSignOn'>,
  say: (line: string) => void,
): Promise<void> {
  const { demo, singleSignOn } = config;
  const canKeepAccounts = await owner.write(async (transaction) => {
    await writeSignInSettings(transaction, { demo, singleSignOn: singleSignOn !== null });
    return hasAdmin(transaction);
  });
  if (!canKeepAccounts && !demo)
    say(
      '  nobody can sign in yet: npm run -s diaban -- user add quan-tri --role admin makes the first account',
    );
}
