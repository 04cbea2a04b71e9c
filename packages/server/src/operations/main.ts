/**
 * `npm run backup -- FILE`, `npm run restore -- FILE`, `npm run check-data [-- FILE]`, `npm run reset-code -- NAME`; the folder
 * is SOTTO_DATA. The first three are the embedded store's own: another kind of store has its database's tools for them.
 */
import { withDefaults } from '../config.ts';
import { readEnvironment } from '../environment.ts';
import { filesIn } from '../files/local-blobs.ts';
import { backUp, restore } from '../store/sqlite/backup.ts';
import { checkFolder, type FileReport, filesOf } from '../store/sqlite/backup-files.ts';
import { checkDatabase, type Report } from '../store/sqlite/check.ts';
import { databaseIn } from '../store/sqlite/place.ts';
import { OperationError } from './error.ts';
import { makeResetCode } from './reset-code.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const found = ({ rooms, entries }: Report) => `${rooms} rooms, ${entries} entries, every hash chain whole`;

async function run(command: string | undefined, file: string | undefined): Promise<boolean> {
  const config = withDefaults(readEnvironment(process.env));
  const { dataDir: folder } = config;
  switch (command) {
    case 'check': {
      const database = file ?? databaseIn(folder);
      const report = checkDatabase(database);
      const held = await checkFolder(database, file ? filesOf(file) : filesIn(folder));
      const problems = [...report.problems, ...held.problems];
      for (const problem of problems) say(problem);
      if (problems.length === 0) say(`All is well: ${found(report)}; ${counted(held)}.`);
      return problems.length === 0;
    }
    case 'backup': {
      const report = await backUp(folder, named(file));
      say(`Backed up and read again: ${found(report)}; ${counted(report.files)}.`);
      return tell(report.files);
    }
    case 'restore': {
      const { report, kept } = await restore(named(file), folder);
      say(`Restored: ${found(report)}; ${counted(report.files)}.`);
      tell(report.files);
      if (kept) say(`What was there before is kept as ${kept}.`);
      say('People whose devices have seen more will get a rollback alarm: docs/operations.md, "Backup".');
      return true;
    }
    case 'reset-code': {
      if (!file) throw new OperationError('Name the person, as they are called here.');
      const { name, account, code, hours } = await makeResetCode(config, file);
      say(`Reset code for ${name} (account ${account}): ${code}`);
      say(
        `It serves once, within ${hours} hours, in place of any before. Hand it only to ${name} in person.`,
      );
      say('With it they start over: same name, new identity; their history, contacts and phrase are gone.');
      say('Everyone they talked with is warned that the key changed, and has to accept it.');
      return true;
    }
    default:
      throw new OperationError('Say backup FILE, restore FILE, check [FILE] or reset-code NAME.');
  }
}

const counted = ({ files, bytes }: FileReport) => `${files} files of ${bytes} bytes`;

/** Problems with files, one line each. False where there are any. */
function tell({ problems }: FileReport): boolean {
  for (const problem of problems) say(problem);
  return problems.length === 0;
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
