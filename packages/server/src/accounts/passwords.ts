import { createHmac, randomBytes } from 'node:crypto';
import { ready, server } from '@serenity-kit/opaque';
import type { AccountId } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { Store, StoredAccount } from '../store/store.ts';

interface PendingLogin {
  readonly state: string;
  /** Absent where the name belongs to nobody who has a password. */
  readonly known: { readonly account: AccountId; readonly record: string } | undefined;
  readonly until: number;
}

const LOGIN_LIFETIME = 60_000;
const LOGINS_KEPT = 10_000;

/** OPAQUE (RFC 9807): the server's side. It never sees a password, nor anything to guess one from offline. */
export class Passwords {
  readonly #setup: string;
  readonly #now: () => number;
  readonly #pending = new Map<string, PendingLogin>();

  private constructor(setup: string, now: () => number) {
    this.#setup = setup;
    this.#now = now;
  }

  /** With the key of this server, made at its first start and kept: without it no password opens anything. */
  static async open(store: Store, now: () => number): Promise<Passwords> {
    await ready;
    return new Passwords(await store.secret('opaque', () => server.createSetup()), now);
  }

  /** @throws Refused 'malformed' */
  register(account: AccountId, request: string): string {
    try {
      const { registrationResponse } = server.createRegistrationResponse({
        serverSetup: this.#setup,
        userIdentifier: account,
        registrationRequest: request,
      });
      return registrationResponse;
    } catch {
      // The library throws texts without a type; the request is the only thing that can be wrong.
      throw new Refused('malformed', 'This is not an OPAQUE registration request.');
    }
  }

  /**
   * Attack 37: a name nobody has, or a guest's, is answered like any other (RFC 9807, section 6.3.2.2).
   * @throws Refused 'malformed'
   */
  startLogin(folded: string, known: StoredAccount | undefined, request: string) {
    const { account, record = null } = known ?? {};
    const real = account && record ? { account, record } : undefined;
    const started = this.#start(real?.account ?? this.#decoy(folded), real?.record ?? null, request);
    const login = randomBytes(24).toString('base64url');
    this.#forgetOld();
    this.#pending.set(login, {
      state: started.serverLoginState,
      known: real,
      until: this.#now() + LOGIN_LIFETIME,
    });
    return { response: started.loginResponse, login };
  }

  /**
   * The account whose password the client knows, with the record it was compared with. Each login serves once.
   * @throws Refused 'bad_login'
   */
  finishLogin(login: string, finish: string): { account: AccountId; record: string } {
    const pending = this.#pending.get(login);
    this.#pending.delete(login);
    if (!pending || pending.until < this.#now()) throw new Refused('bad_login');
    try {
      server.finishLogin({ serverLoginState: pending.state, finishLoginRequest: finish });
    } catch {
      // Attack 20: whatever failed, the answer is one and the same.
      throw new Refused('bad_login');
    }
    if (!pending.known) throw new Refused('bad_login');
    return pending.known;
  }

  #start(userIdentifier: string, record: string | null, startLoginRequest: string) {
    try {
      return server.startLogin({
        serverSetup: this.#setup,
        userIdentifier,
        registrationRecord: record,
        startLoginRequest,
      });
    } catch {
      // As above: only the request (or a record its owner broke at sign-up) can be wrong.
      throw new Refused('malformed', 'This is not an OPAQUE login request.');
    }
  }

  /** Looks like an account id, and is always the same for one name. */
  #decoy(folded: string): string {
    return createHmac('sha256', this.#setup)
      .update(`sotto/v1/decoy\0${folded}`)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  }

  #forgetOld(): void {
    for (const [login, { until }] of this.#pending) {
      if (until >= this.#now() && this.#pending.size < LOGINS_KEPT) return;
      this.#pending.delete(login);
    }
  }
}
