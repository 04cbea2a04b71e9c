/** `npm run backup -- FILE`, `npm run restore -- FILE`, `npm run check-data [-- FILE]`; the folder is SOTTO_DATA. */
import { readEnvironment } from '../environment.ts';
import { backUp, databaseIn, OperationError, restore } from './backup.ts';
import { checkDatabase, type Report } from './check.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const found = ({ rooms, entries }: Report) => `${rooms} rooms, ${entries} entries, every hash chain whole`;

async function run(command: string | undefined, file: string | undefined): Promise<boolean> {
  const folder = readEnvironment(process.env).dataDir ?? './data';
  switch (command) {
    case 'check': {
      const report = checkDatabase(file ?? databaseIn(folder));
      for (const problem of report.problems) say(problem);
      if (report.problems.length === 0) say(`All is well: ${found(report)}.`);
      return report.problems.length === 0;
    }
    case 'backup':
      say(`Backed up and read again: ${found(await backUp(folder, named(file)))}.`);
      return true;
    case 'restore': {
      const { report, kept } = await restore(named(file), folder);
      say(`Restored: ${found(report)}.`);
      if (kept) say(`What was there before is kept as ${kept}.`);
      say('People whose devices have seen more will get a rollback alarm: docs/operations.md, "Backup".');
      return true;
    }
    default:
      throw new OperationError('Say backup FILE, restore FILE or check [FILE].');
  }
}

function named(file: string | undefined): string {
  if (file) return file;
  throw new OperationError('Name the backup file, such as backup/2026-11-23.sqlite.');
}

try {
  const [command, file] = process.argv.slice(2);
  if (!(await run(command, file))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
