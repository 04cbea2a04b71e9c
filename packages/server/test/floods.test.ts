import { client, ready } from '@serenity-kit/opaque';
import { PATHS, WORK } from '@sotto/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { beginLogin, logIn, registerWithPassword } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { makeServer } from './support/server.ts';

beforeAll(() => ready);

const from = (address: string) => ({ 'x-forwarded-for': address });

describe('[attack 37] login guessing', () => {
  test('of one name from many addresses costs work, alike whether somebody has it; other names do not', async () => {
    const { origin } = await makeServer({ trustProxy: true });
    const [person, other] = [
      await registerWithPassword(origin, 'right'),
      await registerWithPassword(origin, 'other'),
    ];
    let addresses = 0;
    const guess = async (name: string, more = {}) => {
      const { startLoginRequest } = client.startLogin({ password: 'guess' });
      const body = { name, request: startLoginRequest, ...more };
      addresses += 1;
      return request(origin, 'POST', PATHS.loginStart, { body, headers: from(`10.0.${addresses}.1`) });
    };
    const answers = [];
    for (const name of [person.name, 'Nobody At All']) {
      // One more than those that are free: while they come, the first weighs a little less already.
      for (let n = 0; n <= WORK.free; n += 1) await guess(name);
      const { status, json } = await guess(name.toUpperCase());
      answers.push({ status, ...json, work: json.work?.bits });
    }
    expect(answers[0]).toMatchObject({ status: 429, code: 'work_needed', work: WORK.least });
    expect(answers[1]).toEqual(answers[0]);
    expect((await logIn(origin, other.name, 'other')).finished.status).toBe(200);
  });

  test('of many names from one address is limited; other addresses are not', async () => {
    const rates = { logins: { burst: 3, perSecond: 0.01 } };
    const { origin } = await makeServer({ trustProxy: true, rates });
    const person = await registerWithPassword(origin, 'right');
    for (const name of [person.name, 'B', 'C']) {
      expect((await beginLogin(origin, name, 'x', from('10.0.0.1'))).started.status).toBe(200);
    }
    const { started } = await beginLogin(origin, 'D', 'x', from('10.0.0.1'));
    expect([started.status, started.json.code]).toEqual([429, 'rate_limited']);
    expect((await beginLogin(origin, 'D', 'x', from('10.0.0.2'))).started.status).toBe(200);
  });
});

test('[attack 37] a flood of registrations from one address is stopped; others still join and talk', async () => {
  const rates = { registrations: { burst: 3, perSecond: 0.01 } };
  const { origin } = await makeServer({ trustProxy: true, rates });
  const register = async (address: string) => {
    const person = await Person.prepare(origin);
    const body = person.registration();
    return { person, ...(await request(origin, 'POST', PATHS.accounts, { body, headers: from(address) })) };
  };
  const first = await register('10.0.0.1');
  for (let i = 0; i < 2; i++) expect((await register('10.0.0.1')).status).toBe(201);
  const { status, json } = await register('10.0.0.1');
  expect([status, json.code]).toEqual([429, 'rate_limited']);
  expect(json.wait).toBeGreaterThan(10_000);
  // The first step towards a password counts with it.
  const { account, name } = await Person.prepare(origin);
  const { registrationRequest } = client.startRegistration({ password: 'p' });
  const step = { body: { account, name, request: registrationRequest }, headers: from('10.0.0.1') };
  expect((await request(origin, 'POST', PATHS.opaqueRegistration, step)).json.code).toBe('rate_limited');
  expect((await register('10.0.0.2')).status).toBe(201);
  expect((await first.person.call('GET', PATHS.people)).json.people).toHaveLength(4);
});

test('[attack 37] requests of one address are limited as a whole, whatever they ask for', async () => {
  const rates = { requests: { burst: 5, perSecond: 0.01 } };
  const { origin } = await makeServer({ trustProxy: true, rates });
  const codes = [];
  for (const path of [PATHS.info, PATHS.people, PATHS.archive, PATHS.info, PATHS.vault, PATHS.info]) {
    codes.push((await request(origin, 'GET', path, { headers: from('10.0.0.1') })).status);
  }
  expect(codes).toEqual([200, 401, 401, 200, 401, 429]);
  expect((await request(origin, 'GET', PATHS.info, { headers: from('10.0.0.2') })).status).toBe(200);
});
