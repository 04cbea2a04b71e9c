import * as v from 'valibot';
import { type AccountId, type DeviceId, idBytes } from './ids.ts';
import { LIMITS } from './limits.ts';
import { field, structure } from './structure.ts';

/** K3: one version of an account's device list; the payload that the identity key signs. */
export interface DeviceList {
  readonly v: 1;
  readonly account: AccountId;
  /** K1: Ed25519 public key of the account. */
  readonly identity: Uint8Array<ArrayBuffer>;
  /** 1, 2, 3 …: grows by exactly one. */
  readonly version: number;
  /** SHA-256 of the whole signed version before; null in version 1. */
  readonly previous: Uint8Array<ArrayBuffer> | null;
  readonly at: number;
  /** What the account calls itself, 1 to 40 characters; shown by `shownName` only, since any member may sign anything. */
  readonly name: string;
  readonly devices: readonly ListedDevice[];
}

export interface ListedDevice {
  readonly device: DeviceId;
  /** K2: Ed25519 public key of the device. */
  readonly signing: Uint8Array<ArrayBuffer>;
  readonly addedAt: number;
}

const schema = v.strictObject({
  v: field.suite,
  account: field.account,
  identity: field.signingKey,
  version: field.positive,
  previous: v.nullable(field.hash),
  at: field.time,
  name: field.name,
  devices: v.pipe(
    v.array(v.strictObject({ device: field.device, signing: field.signingKey, addedAt: field.time })),
    v.maxLength(LIMITS.devices),
    v.check((list) => new Set(list.map((d) => d.device)).size === list.length, 'a device stands twice'),
  ),
});

/** Codec of the device list payload. */
export const DeviceListCodec = structure<DeviceList>('device list', LIMITS.deviceList, schema, (list) => ({
  ...list,
  account: idBytes(list.account),
  devices: list.devices.map((d) => ({ ...d, device: idBytes(d.device) })),
}));
