import { Command } from 'commander';
import { analyseCommand } from './analyse.ts';
import { demoCommand } from './demo.ts';

const program = new Command('diaban')
  .description('Địa bàn on the command line')
  .addCommand(analyseCommand())
  .addCommand(demoCommand());

exitWithTwoOnMisuse(program);
await program.parseAsync();

/** commander ends with 1 for an unknown or missing option; here, as for all bad input, it is 2. */
function exitWithTwoOnMisuse(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const child of command.commands) exitWithTwoOnMisuse(child);
}
