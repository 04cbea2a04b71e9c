import type { BackupAbsent } from '@sotto/protocol';
import type { LeftOutFile } from '../../../backup.ts';

const ABSENT = {
  gone: 'The server had it no more when the backup was made.',
  damaged: 'What the server had of it was not the file that was sent.',
} as const;

/** A file that was missing when the backup was made. */
export function leftOutOf({ room, position, file, name, size, reason }: BackupAbsent): LeftOutFile {
  return { room, position, file, name, size, reason: ABSENT[reason] };
}
