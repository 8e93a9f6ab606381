import { afterAll, beforeAll, expect, test } from 'vitest';
import { discover } from '#lib/identity/discovery.ts';
import { translator } from '#lib/messages/translate.ts';
import { checkProvider } from '../../bin/commands/doctor/sign-in.ts';
import { startTestProvider, type TestProvider } from '../oidc.ts';

const origin = 'https://rostrum.example.org';
const check = (issuer: string | null) => checkProvider(issuer, origin, translator('en'));
let provider: TestProvider;
let issuer: string;

beforeAll(async () => {
  provider = await startTestProvider(origin);
  issuer = provider.settings.OIDC_ISSUER;
});
afterAll(() => provider.close());

test('a provider says what it is called and where people sign out of it', async () => {
  expect(await discover(issuer)).toEqual({ issuer, endOfSession: `${issuer}/session/end` });
});

test('the doctor says where the provider has to return to', async () => {
  expect(await check(issuer)).toMatchObject({
    status: 'ok',
    message: expect.stringContaining(`${origin}/api/auth/callback/oidc`),
  });
  expect((await check(null)).status).toBe('note');
});

test('a provider that calls itself otherwise, or does not answer, is a problem', async () => {
  expect(await check(`${issuer}/`)).toMatchObject({ status: 'problem', message: expect.stringContaining(issuer) });
  expect(await check(`${issuer}/elsewhere`)).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('404'),
  });
  provider.setDown(true);
  expect((await check(issuer)).status).toBe('problem');
  provider.setDown(false);
});
