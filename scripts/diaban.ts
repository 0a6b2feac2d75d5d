import { Command } from 'commander';

/** Each command loads only what it needs: `analyse` works without the database and starts in half the time. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  analyse: async () => (await import('./analyse.ts')).analyseCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  demo: async () => (await import('./demo.ts')).demoCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  import: async () => (await import('./import.ts')).importCommand(),
  retention: async () => (await import('./retention.ts')).retentionCommand(),
  user: async () => (await import('./user.ts')).userCommand(),
};

const program = new Command('diaban').description('Địa bàn on the command line');
const asked = COMMANDS[process.argv[2] ?? ''];
for (const load of asked ? [asked] : Object.values(COMMANDS)) program.addCommand(await load());

exitWithTwoOnMisuse(program);
// A reader that has seen enough, such as `head`, closes the pipe: no mistake of anyone's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
await program.parseAsync();

/** commander ends with 1 for an unknown or missing option; here, as for all bad input, it is 2. */
function exitWithTwoOnMisuse(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const child of command.commands) exitWithTwoOnMisuse(child);
}
