/**
 * The one list of refusals (D7). Each has an HTTP status, and a sentence that says what to do; the
 * server may replace the sentence with a more exact one, never the code.
 */
export const REFUSALS = {
  malformed: [400, 'The request does not have the expected form. Update the client.'],
  too_large: [413, 'The request is larger than allowed. Send less at once.'],
  unknown_version: [400, 'This version of the protocol is not spoken here. Update the client or the server.'],
  unauthenticated: [401, 'The device did not prove who it is. Reconnect and sign the challenge.'],
  wrong_origin: [
    403,
    'The address signed by the device is not one of this server. The operator sets SOTTO_ORIGIN to the address people open.',
  ],
  clock: [401, "The device's clock is off. The request is to be signed again with the server's time."],
  replayed: [401, 'This signed request was already used. Sign a fresh one.'],
  unknown_device: [401, 'This device is not in the account’s device list. Sign in again.'],
  forbidden: [403, 'This account may not do that here.'],
  not_member: [403, 'Only members of the room can do that.'],
  not_found: [404, 'There is nothing here under that id.'],
  name_taken: [409, 'Somebody here has that name already. Choose another.'],
  name_confusable: [409, 'Somebody here has a name that looks the same. Choose another.'],
  bad_name: [
    400,
    'A name has 1 to 40 letters and digits of one alphabet; spaces and . _ - ’ stand between them.',
  ],
  registration_closed: [403, 'New accounts are closed on this server. Ask its operator.'],
  bad_login: [401, 'Name or password is not right.'],
  bad_code: [
    401,
    'Name or reset code is not right, or the code was used or is too old. Ask the operator for a new one.',
  ],
  bad_signature: [400, 'A signature does not match. Nothing was changed.'],
  list_conflict: [409, 'The device list changed meanwhile. Fetch the newest version and extend that one.'],
  vault_conflict: [409, 'The vault changed meanwhile. Fetch the newest version and merge.'],
  misdated: [
    409,
    'This is dated far from the time of the log. Date it by the time in this answer and try again.',
  ],
  epoch_conflict: [409, 'Another epoch came first. Rebase on it and try again.'],
  stale_epoch: [409, 'The room has a newer epoch. Encrypt again under it.'],
  stale_key: [409, 'An exchange key changed meanwhile. Fetch the keys and wrap again.'],
  rule_broken: [403, 'The membership rules of the room do not allow this change.'],
  id_reused: [409, 'This id was already used for something else. Make a new one.'],
  file_missing: [409, 'A file of this message is not here, or not completely. Upload it and send again.'],
  wrong_offset: [409, 'The upload does not stand at this byte. Ask where it stands and go on from there.'],
  quota: [
    507,
    'There is no room left for files. Delete files you no longer need, or ask the operator for more.',
  ],
  unanswered: [
    409,
    'People you brought into conversations have not accepted them yet. Ask again once they have, or later.',
  ],
  limit: [409, 'A limit of this server is reached.'],
  work_needed: [
    429,
    'Many tried to log in under this name. Do the work that comes with this answer, and try again with it.',
  ],
  rate_limited: [429, 'Too many requests. Wait a moment and try again.'],
  busy: [503, 'The server is busy or closing. Try again shortly.'],
  internal: [500, 'The server failed to do this. Its log has the cause; try again.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** What a server names may be anything. */
export const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(REFUSALS, code);

export const REFUSAL_CODES = Object.keys(REFUSALS) as [RefusalCode, ...RefusalCode[]];
