import { hash32Schema, parseValue, type RoomId, RoomIdSchema } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { Asked } from './endpoint.ts';

/** @throws Refused 'malformed' */
export function roomOf(asked: Asked): RoomId {
  const parsed = parseValue(RoomIdSchema, asked.param('room'));
  if (!parsed.ok) throw new Refused('malformed', `Path: ${parsed.reason}.`);
  return parsed.value;
}

/** @throws Refused 'malformed' */
export function inviteKeyOf(asked: Asked): string {
  const parsed = parseValue(hash32Schema('key'), asked.param('key'));
  if (!parsed.ok) throw new Refused('malformed', `Path: ${parsed.reason}.`);
  return parsed.value;
}

/** A whole number from the path or the query; undefined where it is not given. @throws Refused 'malformed' */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new Refused('malformed', `${name}: expected a whole number.`);
}
