import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { validateSchema } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { credentialsOf } from '../src/sandbox/access.js';
import { withoutSimulator } from '../src/schema/core/upstream.js';
import { schema } from '../src/schema/index.js';
import { isProduction } from '../src/weavr/simulator.js';
import { batching } from './batching.js';
import { type Stack, startStack } from './harness.js';
import { payer } from './paying.js';
import { newConsumer, run } from './registering.js';
import { asAda, LARGE, sent, toAda } from './sending.js';
import { simulating } from './simulating.js';

const BACK_OFFICE_KEY = 'a-back-office-key-of-more-than-32-characters';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack({ backOfficeKeys: [BACK_OFFICE_KEY] });
});
beforeEach(() => {
  token = stack.sandbox.signIn('root@acme.example');
});
afterEach(() => expect(state().ledger.total()).toBe(0));
afterAll(() => stack.close());

const { state, debitCard } = payer(() => stack);

const { act } = simulating(() => stack);

describe('the Simulator in the schema', () => {
  const NAMES = '{ __schema { types { name } mutationType { fields { name } } } }';
  type Named = { name: string }[];
  const namesIn = async (of: Stack) => {
    const { types, mutationType } = (await of.data(NAMES)).__schema;
    return [...(types as Named), ...(mutationType.fields as Named)].map(({ name }) => name);
  };

  it.each([
    ['without a key', { simulator: undefined }],
    ['over production, whatever is set', { simulator: { key: 'any' }, baseUrl: 'https://secure.weavr.io' }],
  ])('is not there %s, nor is what it alone uses', async (_where, options) => {
    const other = await startStack(options);
    onTestFinished(other.close);
    const [here, there] = [await namesIn(stack), await namesIn(other)];
    expect(there.filter((name) => /^simulate/i.test(name) || !here.includes(name))).toEqual([]);
    const missing = here.filter((name) => !there.includes(name));
    expect(missing.filter((name) => !/^simulate/i.test(name) && name !== 'Float')).toEqual([]); // nothing takes a Float
    expect(missing.filter((name) => name.startsWith('simulate'))).toHaveLength(16);
    const { errors } = await other.query('mutation { simulateCardExpiry(input: { cardId: "1" }) { __typename } }');
    expect(errors?.[0]?.message).toBe('Cannot query field "simulateCardExpiry" on type "Mutation".');
    expect(other.calls).toEqual([]);
  });

  it('leaves a sound schema behind', () => {
    expect(validateSchema(withoutSimulator(schema))).toEqual([]);
  });

  it.each([
    ['https://sandbox.weavr.io', false],
    ['http://127.0.0.1:4001', false],
    ['https://weavr-proxy.example', false],
    ['https://notweavr.io', false],
    ['https://api.weavr.io', true],
    ['https://secure.weavr.io/multi', true],
    ['https://API.WEAVR.IO:443', true],
    ['https://api.weavr.io.', true],
  ])('takes %s for production: %s', (url, expected) => {
    expect(isProduction(url)).toBe(expected);
  });
});

describe('a call of the Simulator', () => {
  /** Something that takes whatever it is sent for done. */
  async function startRecorder() {
    const seen: IncomingMessage[] = [];
    const server = createServer((req, res) => {
      seen.push(req);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"code":"COMPLETED"}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo; // it listens on TCP
    return { seen, url: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  it('carries its own key in the header that is set, never the api-key, and a token only where Weavr wants one', async () => {
    const recorder = await startRecorder();
    const other = await startStack({ baseUrl: recorder.url, simulator: { key: 's3cret', header: 'x-simulator' } });
    onTestFinished(async () => {
      await other.close();
      recorder.close();
    });
    await run(other, 'simulateCorporateVerification', { corporateId: '7' }, '__typename', 'a-token');
    await run(other, 'simulateChallengeSuccess', { credentialsId: '8', challengeId: '9' }, 'outcome', 'a-token');
    expect(recorder.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /simulate/api/corporates/7/verify',
      'POST /simulate/api/factors/8/challenges/9/verify_success',
    ]);
    for (const { headers } of recorder.seen) {
      expect(headers['x-simulator']).toBe('s3cret');
      expect(Object.keys(headers)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/api-key|programme-key/)]),
      );
    }
    expect(recorder.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer a-token']);
  });

  it('carries it in programme-key unless told otherwise, and nothing else carries it', async () => {
    const other = await startStack(({ apiKey }) => ({ apiKey: 'another', simulator: { key: apiKey } }));
    onTestFinished(other.close);
    const { id: cardId } = other.sandbox.state.managedCards.all()[0]!;
    const text = `mutation { simulateCardAboutToExpire(input: { cardId: "${cardId}" }) {
      __typename ... on SimulateCardAboutToExpirePayload { managedCard { state } } } }`;
    const { data, errors } = await other.query(text);
    expect(data.simulateCardAboutToExpire).toEqual({
      __typename: 'SimulateCardAboutToExpirePayload',
      managedCard: null,
    });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED'); // of the read, by the wrong api-key
  });

  it('needs no session but for challenges', async () => {
    const challenge = { credentialsId: '1', challengeId: '2' };
    expect(await act('simulateChallengeSuccess', challenge, 'outcome', null)).toBe('UNAUTHENTICATED');
    expect(stack.calls).toEqual([]);
    const card = debitCard();
    const text = `mutation { simulateCardAboutToExpire(input: { cardId: "${card.id}" }) {
      ... on SimulateCardAboutToExpirePayload { managedCard { state } } } }`;
    const { data, errors } = await stack.query(text, { token: null });
    expect(data).toEqual({ simulateCardAboutToExpire: { managedCard: null } });
    expect(errors).toMatchObject([
      { path: ['simulateCardAboutToExpire', 'managedCard'], extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(stack.calls).toEqual(['cards_card_id_about_to_expire']);
  });

  it('is not for back office sessions', async () => {
    const { id } = state().corporates.all()[0]!.id;
    const { errors } = await stack.query('mutation { simulateCardExpiry(input: { cardId: "1" }) { __typename } }', {
      token: null,
      headers: { 'x-back-office-key': BACK_OFFICE_KEY, 'x-act-as': `CORPORATE:${id}` },
    });
    expect(errors?.[0]?.extensions.code).toBe('NOT_IN_BACK_OFFICE');
    expect(stack.calls).toEqual([]);
  });
});

describe('approving due diligence', () => {
  const ACCOUNT = { profileId: '110000000000000001', friendlyName: 'First', currency: 'EUR' };
  const open = (as: string) => run(stack, 'createManagedAccount', ACCOUNT, 'managedAccount { state }', as);

  it('lets a corporate open an account that could not before', async () => {
    const newco = stack.sandbox.signIn('root@newco.example');
    const { viewer } = await stack.data('{ viewer { identity { id } } }', { token: newco });
    const corporateId = viewer.identity.id;
    expect(await open(newco)).toMatchObject({ code: 'OWNER_IDENTITY_NOT_VERIFIED' });
    const selection = 'corporate { id kyb { status } rootUser { emailVerified mobileNumberVerified } }';
    expect(await act('simulateCorporateVerification', { corporateId }, selection, newco)).toEqual({
      corporate: {
        id: corporateId,
        kyb: { status: 'APPROVED' },
        rootUser: { emailVerified: true, mobileNumberVerified: true },
      },
    });
    expect(stack.calls).toEqual(['corporates_corporate_id_verify', 'corporateGet', 'corporateKybGet']);
    expect(await open(newco)).toEqual({ managedAccount: { state: 'ACTIVE' } });
  });

  it('lets a consumer open an account that could not before', async () => {
    const { id: consumerId, token: as } = await newConsumer(stack);
    expect(await open(as)).toMatchObject({ code: 'OWNER_IDENTITY_NOT_VERIFIED' });
    const selection = 'consumer { id kyc { status } rootUser { emailVerified mobileNumberVerified } }';
    expect(await act('simulateConsumerVerification', { consumerId }, selection, as)).toEqual({
      consumer: {
        id: consumerId,
        kyc: { status: 'APPROVED' },
        rootUser: { emailVerified: true, mobileNumberVerified: true },
      },
    });
    expect(stack.calls).toEqual(['consumers_consumer_id_verify', 'consumerGet', 'consumerKycGet']);
    expect(await open(as)).toEqual({ managedAccount: { state: 'ACTIVE' } });
  });

  it('shows nobody another identity', async () => {
    const corporateId = state().corporates.all()[1]!.id.id;
    const consumerId = state().consumers.all()[0]!.id.id;
    const selections = ['corporate { id }', 'consumer { id }'] as const;
    expect(await act('simulateCorporateVerification', { corporateId }, selections[0])).toEqual({
      corporate: null,
    });
    expect(await act('simulateConsumerVerification', { consumerId }, selections[1])).toEqual({ consumer: null });
  });

  it.each([
    ['simulateCorporateVerification', 'corporateId'],
    ['simulateConsumerVerification', 'consumerId'],
  ])('answers NotFoundError where there is none: %s', async (name, argument) => {
    expect(await act(name, { [argument]: '1' }, '__typename')).toEqual({ code: 'NOT_FOUND' });
  });
});

describe('answering a notification in the place of a device', () => {
  const { created } = batching(() => stack);
  const userIdOf = (email: string) => credentialsOf(state(), email)!.id;
  const answer = (how: 'Success' | 'Invalid' | 'Expired', challengeId: string, as = token) =>
    act(`simulateChallenge${how}`, { credentialsId: userIdOf('root@acme.example'), challengeId }, 'outcome', as);
  const isSteppedUp = async () => {
    const { managedCards } = await stack.data('{ managedCards(first: 1) { nodes { cvv } } }', { token });
    return managedCards.nodes[0].cvv !== null;
  };
  const stepUp = async (): Promise<string> =>
    (await act('startStepUpPush', { channel: 'BIOMETRIC' }, 'challengeId', token)).challengeId;

  it('steps the session up that asked, and no other, once', async () => {
    const challengeId = await stepUp();
    expect(await isSteppedUp()).toBe(false);
    expect(await answer('Success', challengeId)).toEqual({ outcome: 'COMPLETED' });
    expect(stack.calls).toEqual(['factors_credentials_id_challenges_challenge_id_verify_success']);
    expect(await isSteppedUp()).toBe(true);
    expect(await answer('Success', challengeId)).toEqual({ outcome: 'DENIED' });
    token = stack.sandbox.signIn('root@acme.example');
    expect(await isSteppedUp()).toBe(false);
  });

  it.each([
    ['Invalid', 'factors_credentials_id_challenges_challenge_id_verify_invalid'],
    ['Expired', 'factors_credentials_id_challenges_challenge_id_verify_expired'],
  ] as const)('does not step it up when it ends as %s, and ends it for good', async (how, operation) => {
    const challengeId = await stepUp();
    expect(await answer(how, challengeId)).toEqual({ outcome: 'COMPLETED' });
    expect(stack.calls).toEqual([operation]);
    expect(await answer('Success', challengeId)).toEqual({ outcome: 'DENIED' });
    expect(await isSteppedUp()).toBe(false);
  });

  it('is denied to anybody but the user that was asked, and for what nobody was asked', async () => {
    const challengeId = await stepUp();
    expect(await answer('Success', challengeId, asAda(stack))).toEqual({ outcome: 'DENIED' });
    const input = { credentialsId: userIdOf('ada@consumer.example'), challengeId };
    for (const as of [asAda(stack), token])
      expect(await act('simulateChallengeSuccess', input, 'outcome', as)).toEqual({ outcome: 'DENIED' });
    expect(await answer('Success', '1')).toEqual({ outcome: 'DENIED' });
    expect(await answer('Success', challengeId)).toEqual({ outcome: 'COMPLETED' });
  });

  it.each([
    ['Success', 'COMPLETED'],
    ['Invalid', 'PENDING_CHALLENGE'],
  ] as const)('lets a send through, or wait on: %s leaves it %s', async (how, expected) => {
    const { source, destination } = await toAda(stack);
    const { id } = await sent(stack, { source, destination: { instrument: destination }, amount: LARGE }, token);
    const push = { resourceType: 'SENDS', resourceIds: [id], channel: 'BIOMETRIC' };
    const { challengeId } = await act('startConfirmationPush', push, 'challengeId');
    expect(await answer(how, challengeId)).toEqual({ outcome: 'COMPLETED' });
    const { send } = await stack.data(`{ send(id: "${id}") { state } }`, { token });
    expect(send.state).toBe(expected);
  });

  it.each([
    ['Success', 'COMPLETED', 'ACTIVE'],
    ['Expired', 'CHALLENGE_FAILED', 'CHALLENGE_FAILED'],
  ] as const)('ends a batch of beneficiaries, whose own id is the challenge’s: %s', async (how, batch, beneficiary) => {
    const { id } = await created();
    await act('startBeneficiaryBatchPush', { id, channel: 'BIOMETRIC' }, '__typename');
    expect(await answer(how, id)).toEqual({ outcome: 'COMPLETED' });
    const { beneficiaryBatch } = await stack.data(
      `{ beneficiaryBatch(id: "${id}") { state beneficiaries { state } } }`,
      { token },
    );
    expect(beneficiaryBatch).toEqual({ state: batch, beneficiaries: [{ state: beneficiary }] });
    expect(await answer(how, id)).toEqual({ outcome: 'DENIED' });
  });

  it('is told of a biometric sign-in, too', async () => {
    const input = { email: 'root@acme.example' };
    const { challengeId } = await act('loginViaBiometrics', input, 'challengeId', null);
    expect(await answer('Success', challengeId)).toEqual({ outcome: 'COMPLETED' });
  });
});
