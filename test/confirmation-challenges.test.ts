import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { passConfirmation } from '../src/sandbox/confirmation-challenges.js';
import { type Stack, startStack } from './harness.js';
import { asAda, availableOn, LARGE, SMALL, sent, toAda } from './sending.js';
import { balanceOf, inAMinute, MINUTE_MS, type Side } from './transferring.js';

let stack: Stack;
let source: Side;
let ada: Side;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  ({ source, destination: ada } = await toAda(stack));
});
beforeEach(() => {
  token = stack.sandbox.signIn('root@acme.example');
});
afterAll(() => stack.close());

/** Sends that wait to be confirmed. */
const waiting = async (count = 1, order: object = {}) => {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1)
    ids.push((await sent(stack, { source, destination: { instrument: ada }, amount: LARGE, ...order }, token)).id);
  return ids;
};

const start = async (resourceIds: string[], more: object = {}) => {
  const { data } = await stack.query(
    `mutation ($input: StartConfirmationOtpInput!) {
      startConfirmationOtp(input: $input) {
        ... on StartConfirmationOtpPayload { challengeId expiresInSeconds }
        ... on MutationError { code }
        ... on ConflictError { action }
      }
    }`,
    { variables: { input: { resourceType: 'SENDS', resourceIds, ...more } }, token },
  );
  return data.startConfirmationOtp;
};

const started = async (resourceIds: string[]) => (await start(resourceIds)).challengeId as string;

const verify = async (challengeId: string, more: object = {}, selection = 'resourceType') => {
  const { data } = await stack.query(
    `mutation ($input: VerifyConfirmationOtpInput!) {
      verifyConfirmationOtp(input: $input) {
        ... on VerifyConfirmationOtpPayload { ${selection} }
        ... on MutationError { code }
        ... on ConflictError { action }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input: { challengeId, resourceType: 'SENDS', verificationCode: '123456', ...more } }, token },
  );
  return data.verifyConfirmationOtp;
};

const stateOf = async (id: string) => (await stack.data(`{ send(id: "${id}") { state } }`, { token })).send.state;

describe('confirming by a one-time code', () => {
  it('takes a send from its creation over a wrong code to its execution, and moves the money once', async () => {
    const before = [balanceOf(stack, source), balanceOf(stack, ada)] as const;
    const [id = ''] = await waiting();
    const required = `{ send(id: "${id}") { state requiredAction challengeExemptionReason executedAt } }`;
    expect((await stack.data(required, { token })).send).toEqual({
      state: 'PENDING_CHALLENGE',
      requiredAction: 'CHALLENGE',
      challengeExemptionReason: null,
      executedAt: null,
    });

    const { challengeId, expiresInSeconds } = await start([id]);
    expect([challengeId, expiresInSeconds]).toEqual([expect.stringMatching(/^\d{18}$/), 300]);
    expect(stack.calls).toEqual(['multipleSCAChallenge']);

    const wrong = { code: 'VERIFICATION_CODE_INVALID', action: 'FIX_INPUT' };
    expect(await verify(challengeId, { verificationCode: '000000' })).toEqual(wrong);
    expect([balanceOf(stack, source), balanceOf(stack, ada)]).toEqual(before);

    const selection = 'resourceType sends { id state requiredAction executedAt }';
    expect(await verify(challengeId, { resourceIds: [id] }, selection)).toEqual({
      resourceType: 'SENDS',
      sends: [{ id, state: 'COMPLETED', requiredAction: null, executedAt: expect.any(String) }],
    });
    expect(stack.calls).toEqual(['multipleSCAVerify', 'sendGet']);
    const after = [before[0] - 50_00, before[1] + 50_00];
    expect([balanceOf(stack, source), balanceOf(stack, ada)]).toEqual(after);

    expect(await verify(challengeId)).toEqual({ code: 'STATE_INVALID', action: 'REFRESH' });
    expect([balanceOf(stack, source), balanceOf(stack, ada)]).toEqual(after);
  });

  it('confirms many at once, and reads them again with one call', async () => {
    const ids = await waiting(3);
    const challengeId = await started([...ids, ids[0]!]);
    const before = balanceOf(stack, source);
    const { sends, linkedAccounts } = await verify(
      challengeId,
      { resourceIds: ids },
      'sends { id state } linkedAccounts { id }',
    );
    expect(sends).toEqual(ids.map((id) => ({ id, state: 'COMPLETED' })));
    expect(linkedAccounts).toEqual([]);
    expect(stack.calls).toEqual(['multipleSCAVerify', 'sendsGet']);
    expect(balanceOf(stack, source)).toBe(before - 3 * 50_00);
  });

  it('makes no second call for sends that nobody names', async () => {
    const challengeId = await started(await waiting());
    expect(await verify(challengeId, {}, 'sends { state }')).toEqual({ sends: [] });
    expect(stack.calls).toEqual(['multipleSCAVerify']);
  });

  it('lets a scheduled send wait for its time, with no money set aside', async () => {
    const before = availableOn(stack, source);
    const [id = ''] = await waiting(1, { scheduledFor: inAMinute(stack) });
    expect(availableOn(stack, source)).toBe(before);
    await verify(await started([id]));
    expect(await stateOf(id)).toBe('SCHEDULED');
    stack.sandbox.clock.advance(MINUTE_MS);
    expect(await stateOf(id)).toBe('COMPLETED');
    expect(availableOn(stack, source)).toBe(before - 50_00);
  });

  it('fails a send whose destination is gone, and gives back the money', async () => {
    const hers = asAda(stack);
    const open = await stack.data(
      `mutation {
        createManagedAccount(input: { profileId: "110000000000000001", friendlyName: "Gone", currency: "GBP" }) {
          ... on CreateManagedAccountPayload { managedAccount { id } }
        }
      }`,
      { token: hers },
    );
    const { id: gone } = open.createManagedAccount.managedAccount;
    const before = availableOn(stack, source);
    const [id = ''] = await waiting(1, { destination: { instrument: { type: 'MANAGED_ACCOUNTS', id: gone } } });
    await stack.data(`mutation { removeManagedAccount(input: { id: "${gone}" }) { __typename } }`, { token: hers });
    await verify(await started([id]));
    expect(await stateOf(id)).toBe('FAILED');
    expect(availableOn(stack, source)).toBe(before);
  });

  it('wants fifteen seconds between two codes for the same, and repeats none under one key', async () => {
    const ids = await waiting(2);
    const first = await start(ids, { idempotencyKey: 'once' });
    expect(await start(ids, { idempotencyKey: 'once' })).toEqual(first);
    expect(await start(ids.toReversed())).toEqual({ code: 'RETRY_IN_15SEC', action: 'RETRY_LATER' });
    expect(await start(ids.slice(1))).toMatchObject({ expiresInSeconds: 300 });
    stack.sandbox.clock.advance(15_000);
    expect(await start(ids)).toMatchObject({ expiresInSeconds: 300 });
  });

  it('counts wrong codes down to a limit, beyond which only a new code helps', async () => {
    const ids = await waiting();
    const challengeId = await started(ids);
    const refusals: string[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1)
      refusals.push((await verify(challengeId, { verificationCode: '000000' })).code);
    expect(refusals.slice(-2)).toEqual(['ONE_CHALLENGE_LIMIT_REMAINING', 'CHALLENGE_LIMIT_EXCEEDED']);
    expect(await verify(challengeId)).toEqual({ code: 'CHALLENGE_LIMIT_EXCEEDED', action: 'RETRY_LATER' });
    expect(await stateOf(ids[0]!)).toBe('PENDING_CHALLENGE');
    stack.sandbox.clock.advance(15_000);
    expect(await verify(await started(ids))).toEqual({ resourceType: 'SENDS' });
  });

  it('refuses a code after five minutes', async () => {
    const ids = await waiting();
    const challengeId = await started(ids);
    stack.sandbox.clock.advance(3 * MINUTE_MS);
    expect(await stateOf(ids[0]!)).toBe('PENDING_CHALLENGE'); // and keeps the session alive
    stack.sandbox.clock.advance(2 * MINUTE_MS + 1);
    expect(await verify(challengeId)).toEqual({ code: 'VERIFICATION_CODE_EXPIRED', action: 'DO_FIRST' });
  });

  it('refuses what does not wait, is nowhere, is somebody else’s, or is of another type', async () => {
    const refused = { code: 'STATE_INVALID', action: 'REFRESH' };
    const [id = ''] = await waiting();
    const done = await sent(stack, { source, destination: { instrument: ada }, amount: SMALL }, token);
    expect(await start([id, done.id])).toEqual(refused);
    expect(await start(['1'])).toEqual(refused);
    expect(await start([])).toEqual(refused);
    expect(await start([id], { resourceType: 'OUTGOING_WIRE_TRANSFERS' })).toEqual(refused);
    token = asAda(stack);
    expect(await start([id])).toEqual(refused);
  });

  it('refuses a challenge of another user, or of another type than it was started for', async () => {
    const refused = { code: 'STATE_INVALID', action: 'REFRESH' };
    const challengeId = await started(await waiting());
    expect(await verify(challengeId, { resourceType: 'OUTGOING_WIRE_TRANSFERS' })).toEqual(refused);
    expect(await verify('1')).toEqual(refused);
    token = stack.sandbox.signIn('ben@acme.example');
    expect(await verify(challengeId)).toEqual(refused);
  });

  it('needs an enrolled phone', async () => {
    const ids = await waiting();
    token = stack.sandbox.signIn('ben@acme.example');
    credentialsOf(stack.sandbox.state, 'ben@acme.example')!.smsEnrolled = false;
    expect(await start(ids)).toEqual({ code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' });
  });

  it('answers ValidationError for what is no code', async () => {
    const challengeId = await started(await waiting());
    expect(await verify(challengeId, { verificationCode: '12345' })).toEqual({
      code: 'VALIDATION_FAILED',
      fields: [{ path: ['input', 'verificationCode'], rule: 'REGEX' }],
    });
  });

  it('lets nobody but a root user confirm the declaration about a linked account', async () => {
    token = stack.sandbox.signIn('ben@acme.example');
    credentialsOf(stack.sandbox.state, 'ben@acme.example')!.smsEnrolled = true;
    const { errors } = await stack.query(
      `mutation {
        startConfirmationOtp(input: { resourceType: LINKED_ACCOUNT_DECLARATION, resourceIds: ["1"] }) { __typename }
      }`,
      { token },
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('confirming by a push notification', () => {
  const push = async (resourceIds: string[], channel = 'BIOMETRIC') => {
    const { data } = await stack.query(
      `mutation ($input: StartConfirmationPushInput!) {
        startConfirmationPush(input: $input) {
          ... on StartConfirmationPushPayload { challengeId }
          ... on ConflictError { code action }
        }
      }`,
      { variables: { input: { resourceType: 'SENDS', resourceIds, channel } }, token },
    );
    return data.startConfirmationPush;
  };

  it('executes the send once the user has agreed on the device, and not before', async () => {
    const [id = ''] = await waiting();
    const { challengeId } = await push([id]);
    expect(stack.calls).toEqual(['multipleSCAChallengePush']);
    expect(await verify(challengeId)).toEqual({ code: 'STATE_INVALID', action: 'REFRESH' });
    expect(await stateOf(id)).toBe('PENDING_CHALLENGE');
    passConfirmation(stack.sandbox.state, challengeId);
    expect(await stateOf(id)).toBe('COMPLETED');
  });

  it('needs something that waits, and a device enrolled for the channel', async () => {
    expect(await push(['1'])).toEqual({ code: 'STATE_INVALID', action: 'REFRESH' });
    expect(await push(await waiting(), 'AUTHY')).toEqual({ code: 'CHANNEL_NOT_REGISTERED', action: 'DO_FIRST' });
  });
});
