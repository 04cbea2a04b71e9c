import { isCount } from '@sotto/protocol';
import { ConfigError } from '../config-error.ts';
import { type FileSettings, sealedLimit } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = { -readonly [Name in keyof FileSettings]?: FileSettings[Name] };

const DAY = 24 * 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1_024,
  m: 1_024 ** 2,
  g: 1_024 ** 3,
  t: 1_024 ** 4,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};

/** What SOTTO_FILE… variables say of files; what they do not say is left out. @throws ConfigError */
export function readFileSettings(env: Environment): Partial<FileSettings> {
  const settings: Settings = {};
  const { SOTTO_FILE_LIMIT, SOTTO_FILE_QUOTA, SOTTO_FILE_QUOTA_ACCOUNT, SOTTO_FILE_DAYS } = env;
  // People think of the file as they have it; what counts here is the sealed one.
  if (SOTTO_FILE_LIMIT) settings.limit = sealedLimit(readSize('SOTTO_FILE_LIMIT', SOTTO_FILE_LIMIT));
  if (SOTTO_FILE_QUOTA) settings.quota = readQuota('SOTTO_FILE_QUOTA', SOTTO_FILE_QUOTA);
  if (SOTTO_FILE_QUOTA_ACCOUNT) {
    settings.accountQuota = readQuota('SOTTO_FILE_QUOTA_ACCOUNT', SOTTO_FILE_QUOTA_ACCOUNT);
  }
  if (SOTTO_FILE_DAYS) settings.looseAge = readDays(SOTTO_FILE_DAYS);
  return settings;
}

const readQuota = (variable: string, text: string): number | null =>
  text.toLowerCase() === 'none' ? null : readSize(variable, text, ', or none');

function readSize(variable: string, text: string, more = ''): number {
  const [, number, unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{0,3})$/.exec(text.toLowerCase()) ?? [];
  const factor = UNITS[unit.replace(/^([kmgt])ib$/, '$1')];
  const bytes = Math.floor(Number(number) * (factor ?? Number.NaN));
  if (isCount(bytes)) return bytes;
  throw new ConfigError(variable, `a size such as 500MB or 5GiB${more}`, text);
}

function readDays(text: string): number {
  const days = Number(text);
  if (/^\d{1,4}$/.test(text) && days > 0) return days * DAY;
  throw new ConfigError('SOTTO_FILE_DAYS', 'a number of days from 1', text);
}
