/** The steps of coming back from a backup, loaded together when somebody does. */
export { bringFiles } from './bring-files.ts';
export { readBackup } from './read.ts';
export { restoreAccount } from './restore.ts';
export { settleRooms } from './settle.ts';
