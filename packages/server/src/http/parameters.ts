import {
  type HeaderHash,
  HeaderHashSchema,
  parseCount,
  parseValue,
  type RoomId,
  RoomIdSchema,
  signingKeySchema,
} from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { Asked } from './endpoint.ts';

/** @throws Refused 'malformed' */
export function roomOf(asked: Asked): RoomId {
  const parsed = parseValue(RoomIdSchema, asked.param('room'));
  if (!parsed.ok) throw new Refused('malformed', `Path: ${parsed.reason}.`);
  return parsed.value;
}

/** @throws Refused 'malformed' */
export function headerOf(asked: Asked): HeaderHash {
  const parsed = parseValue(HeaderHashSchema, asked.param('header'));
  if (!parsed.ok) throw new Refused('malformed', `Path: ${parsed.reason}.`);
  return parsed.value;
}

/** @throws Refused 'malformed' */
export function inviteKeyOf(asked: Asked): string {
  const parsed = parseValue(signingKeySchema('key'), asked.param('key'));
  if (!parsed.ok) throw new Refused('malformed', `Path: ${parsed.reason}.`);
  return parsed.value;
}

/** A whole number from the path or the query; undefined where it is not given. @throws Refused 'malformed' */
export function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = parseCount(text);
  if (value !== undefined) return value;
  throw new Refused('malformed', `${name}: expected a whole number.`);
}
