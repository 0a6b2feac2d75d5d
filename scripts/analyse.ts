import { Command } from 'commander';
import { localCommand, smoothCommand } from './analyse-areas.ts';
import { densityCommand } from './analyse-density.ts';
import { scanCommand } from './analyse-scan.ts';
import { trendCommand } from './analyse-trend.ts';

/** `diaban analyse METHOD …`: the hotspot methods on an analyst's own files, without a database. */
export function analyseCommand(): Command {
  return new Command('analyse')
    .description("hotspot methods on an analyst's own files, without a database")
    .addCommand(localCommand())
    .addCommand(smoothCommand())
    .addCommand(densityCommand())
    .addCommand(scanCommand())
    .addCommand(trendCommand());
}
