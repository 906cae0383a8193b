import type { IncomingMessage } from 'node:http';
import { credentialsOf } from '../src/sandbox/access.js';
import type { Fault } from '../src/sandbox/core/faults.js';
import type { Sandbox } from '../src/sandbox/index.js';
import { PLANTED } from './planting.js';
import { consumerInput } from './registering.js';
import { type Told, VISITOR, type Visitor, visitor } from './visiting.js';

/** Uses every secret in every way that comes to mind, right and wrong, and answers with all that was told. */
export const wholeTour = (url: string, sandbox: Sandbox) =>
  tour(url, sandbox, [signIn, misspell, stepUp, register, handleCards, serve, suffer, fetchFiles]);

/** What wants a session, a back office key and a Redis. */
export const shortTour = (url: string, sandbox: Sandbox) => tour(url, sandbox, [signIn, serve, fetchFiles]);

type Leg = (it: Visitor, sandbox: Sandbox) => Promise<void>;

async function tour(url: string, sandbox: Sandbox, legs: readonly Leg[]): Promise<Told[]> {
  credentialsOf(sandbox.state, VISITOR)!.password = PLANTED.password;
  const it = visitor(url, sandbox);
  for (const leg of legs) await leg(it, sandbox);
  return it.told;
}

const anonymous = { headers: {} };

async function signIn({ act, ask }: Visitor) {
  const { password } = PLANTED;
  const right = { email: VISITOR, password };
  await act('a right password', 'loginWithPassword', right, { ...anonymous, selection: 'token', mayTell: ['bearer'] });
  await act('a right password, and no token wanted', 'loginWithPassword', right, anonymous);
  await act('a wrong user', 'loginWithPassword', { email: 'nobody@acme.example', password }, anonymous);
  await act('a wrong password', 'loginWithPassword', { email: VISITOR, password: `${password}!` }, anonymous);
  await act('an old password', 'updatePassword', { oldPassword: `${password}?`, newPassword: password });
  await act('a lost password', 'resumeLostPassword', { email: VISITOR, nonce: PLANTED.code, newPassword: password });
  await ask(
    'a password in the document',
    `mutation { loginWithPassword(input: { email: "${VISITOR}", password: ${JSON.stringify(password)} }) { __typename } }`,
    anonymous,
  );
  await ask('a token that is none', '{ roles { id } }', {
    headers: { authorization: `Bearer ${PLANTED.pin.replace(/\W/g, '')}` },
  });
}

/** Every secret where it does not belong. */
async function misspell(it: Visitor) {
  const { visit, token } = it;
  for (const [name, secret] of Object.entries(PLANTED)) await Promise.all(misplace(it, name, secret));
  await visit('a token in a URL', `/graphql?query={roles{id}}&token=${token}`);
  await visit('a token as a ticket', `/downloads/managed_accounts/1/statement.pdf?ticket=${token}`);
}

function misplace({ act, ask, send, visit, user: headers }: Visitor, name: string, secret: string) {
  const literal = JSON.stringify(secret);
  const encoded = encodeURIComponent(secret);
  const paged = 'query ($a: String) { managedAccounts(after: $a) { totalCount } }';
  return [
    act(`${name} in an object`, 'loginWithPassword', { email: VISITOR, password: { value: secret } }),
    act(`${name} as an address`, 'loginWithPassword', { email: secret, password: 'x' }),
    act(`${name} as a field`, 'loginWithPassword', { email: VISITOR, password: 'x', [secret]: secret }),
    act(`${name} as an id`, 'revealPhysicalCardPin', { id: secret }),
    ask(`${name} as an enum`, `{ managedAccounts(filter: { state: ${literal} }) { totalCount } }`),
    ask(`${name} out of place`, `{ managedAccounts(first: 1 ${literal}) { totalCount } }`),
    ask(`${name} without an end`, `{ managedAccounts(after: ${literal.slice(0, -1)}) { totalCount } }`),
    ask(`${name} in a comment`, `{ nothing } # ${secret}`),
    ask(`${name} as a cursor`, paged, { variables: { a: secret } }),
    ask(`${name} as a variable`, '{ __typename }', { variables: { [secret]: secret } }),
    send(`${name} in no JSON`, `{"query": ${literal}, `),
    send(`${name} in extensions`, JSON.stringify({ query: '{ nothing }', extensions: { a: secret } })),
    visit(`${name} in a URL`, `/graphql?query={nothing}&variables=${encoded}`, { headers }),
    visit(`${name} in a path`, `/downloads/${encoded}?ticket=${encoded}`),
    () =>
      visit(`${name} in a header`, '/graphql?query={__typename}', {
        headers: { 'user-agent': encoded, authorization: encoded },
      }),
  ];
}

async function stepUp({ act }: Visitor) {
  await act('no code yet', 'verifyStepUpOtp', { verificationCode: PLANTED.code });
  await act('a code is sent', 'startStepUpOtp', {});
  await act('a wrong code', 'verifyStepUpOtp', { verificationCode: PLANTED.code });
  await act('a code that is none', 'verifyStepUpOtp', { verificationCode: `${PLANTED.code}x` });
  await act(
    'a right code',
    'verifyStepUpOtp',
    { verificationCode: '123456' },
    { selection: 'viewer { identity { id } }' },
  );
  await act('a wrong invite', 'validateUserInvite', { id: '1', inviteCode: PLANTED.code });
}

async function register({ act, ask }: Visitor, sandbox: Sandbox) {
  const person = { dateOfBirth: PLANTED.dateOfBirth, mobile: { countryCode: '+356', number: PLANTED.mobile } };
  const input = consumerInput({ rootUser: { ...person, email: 'planted@new.example' } });
  const selection = 'consumer { id rootUser { userId name } }';
  await act('a new consumer', 'createConsumer', input, { ...anonymous, selection });
  await act('the same again', 'createConsumer', input, { ...anonymous, selection });
  await act(
    'one of a wrong type',
    'createConsumer',
    consumerInput({ rootUser: { ...person, dateOfBirth: [person], name: person.mobile } }),
    anonymous,
  );
  await act(
    'one that Weavr refuses',
    'createConsumer',
    consumerInput({
      rootUser: {
        ...person,
        email: 'x@new.example',
        mobile: { countryCode: PLANTED.mobile, number: PLANTED.dateOfBirth },
      },
    }),
    anonymous,
  );
  await act(
    'a user',
    'createUser',
    { name: 'A', surname: 'B', email: 'planted@acme.example', ...person },
    { selection: 'user { id name }' },
  );
  const { id } = [...sandbox.state.credentials.values()].find(({ email }) => email === 'planted@acme.example') ?? {};
  await ask('a user who is asked for these', `{ user(id: "${id}") { dateOfBirth mobile { number } } }`, {
    mayTell: ['dateOfBirth', 'mobile'],
  });
  await ask('a user who is not', `{ user(id: "${id}") { id name email } }`);
}

async function handleCards({ act, ask }: Visitor, sandbox: Sandbox) {
  const { cardNumber, cvv, pin, code } = PLANTED;
  for (const card of sandbox.state.managedCards.all()) Object.assign(card.secrets, { cardNumber, cvv });
  const plastic = sandbox.state.managedCards.all().find(({ secrets }) => secrets.pin)!;
  plastic.secrets.pin = pin;
  const { id } = plastic;
  const ofCard = (selection: string) => `{ managedCard(id: "${id}") { ${selection} } }`;
  await act('a PIN', 'revealPhysicalCardPin', { id }, { selection: 'pin', mayTell: ['pin'] });
  await act('a PIN that is not wanted', 'revealPhysicalCardPin', { id });
  await ask('a number', ofCard('cardNumber cvv'), { mayTell: ['cardNumber', 'cvv'] });
  await ask(
    'cards without their numbers',
    '{ managedCards { nodes { id friendlyName cardNumberLastFour type state } } }',
  );
  await act(
    'a card that is changed',
    'updateManagedCard',
    { id, tag: 'a', activationCode: code },
    { selection: 'managedCard { id tag }' },
  );
  const upgrade = {
    id,
    pin,
    activationCode: code,
    deliveryAddress: { name: 'A', surname: 'B', addressLine1: 'C', city: 'D', postCode: 'E', country: 'MT' },
  };
  await act('a card that is plastic already', 'upgradeCardToPhysical', upgrade);
  await act('a card with a wrong address', 'upgradeCardToPhysical', { ...upgrade, deliveryAddress: { pin, cvv } });
  await act('a wrong activation', 'activatePhysicalCard', { id, activationCode: code });
  await act('a purchase', 'simulateCardPurchase', {
    cardId: id,
    merchantName: 'M',
    amount: { currency: 'EUR', amount: 1 },
  });
}

async function serve({ ask, act, visit, user }: Visitor, sandbox: Sandbox) {
  const [identity] = credentialsOf(sandbox.state, VISITOR)!.identities;
  const key = PLANTED.backOfficeKey;
  const as = { 'x-back-office-key': key, 'x-act-as': `${identity?.type}:${identity?.id}` };
  const query = '{ transfers(first: 2) { totalCount nodes { id } } }';
  await ask('a server', query, { headers: as });
  await ask('a server that asks for what it may not', '{ roles { id } }', { headers: as });
  await ask('a server for nobody', query, { headers: { ...as, 'x-act-as': 'CORPORATE:1' } });
  await ask('a server for no identity', query, { headers: { ...as, 'x-act-as': key } });
  await ask('a browser with the key', query, { headers: { ...as, origin: 'https://evil.example' } });
  await ask('a user with the key', query, { headers: { ...as, ...user } });
  await ask('the key as a token', query, { headers: { authorization: `Bearer ${key}` } });
  await ask('a wrong key', query, { headers: { ...as, 'x-back-office-key': `${key}!` } });
  await act(
    'a server that signs in',
    'loginWithPassword',
    { email: VISITOR, password: PLANTED.password },
    { headers: as },
  );
  sandbox.faults.plan({ kind: 'STATUS', status: 401, effect: false }, { operation: 'transfersGet', times: 2 });
  await ask('a server whose token has ended', query, { headers: as });
  await visit('/metrics', '/metrics');
}

/** Whatever Weavr may do wrong, with secrets in it. */
async function suffer({ ask, act, token }: Visitor, sandbox: Sandbox) {
  const secrets = { ...PLANTED, token, message: `Bearer ${token}`, errorCode: PLANTED.cardNumber };
  const text = JSON.stringify(secrets);
  const status = (code: number, body: object = secrets): Fault => ({
    kind: 'STATUS',
    status: code,
    effect: false,
    body,
    headers: { 'x-debug': encodeURIComponent(text), 'set-cookie': `a=${token}` },
  });
  const faults: Fault[] = [
    ...[400, 401, 403, 404, 409, 410, 418, 422, 423, 429, 500, 503].map((code) => status(code)),
    status(400, { syntaxErrors: { invalidFields: [{ fieldName: 5 }], ...secrets } }),
    { kind: 'TEXT', text, mediaType: 'text/html' },
    { kind: 'TEXT', text: text.slice(0, -5), mediaType: 'application/json' },
    { kind: 'TEXT', text: `"${token}"`, mediaType: 'application/json' },
    { kind: 'REWRITE', rewrite: (body: object) => ({ ...body, secrets, state: { state: PLANTED.cardNumber.length } }) },
    { kind: 'RESET' },
    { kind: 'HALF' },
    { kind: 'GARBAGE' },
    { kind: 'END', effect: false },
  ];
  // Each request says which of them it wants, by its id or by its address; a read that is tried again wants none.
  const struck = new Set<string>();
  const wanted = ({ method, url }: IncomingMessage, body: unknown) => {
    const text = `${method} ${url} ${JSON.stringify(body)}`;
    const [, ...ids] = /managed_accounts\/(\d+)|"email":"u(\d+)@/.exec(text) ?? [];
    const fault = struck.has(text) ? undefined : faults[Number(ids.join('') || Number.NaN)];
    struck.add(text);
    return fault;
  };
  sandbox.faults.plan(wanted, { times: Number.POSITIVE_INFINITY });
  for (const [id, fault] of faults.entries()) {
    const about = `${fault.kind} ${'status' in fault ? fault.status : ''}`;
    const login = { email: `u${id}@acme.example`, password: PLANTED.password };
    await Promise.all([
      ask(`a read: ${about}`, `{ managedAccount(id: "${id}") { id state friendlyName } }`),
      act(`a write: ${about}`, 'blockManagedAccount', { id: String(id) }),
      act(`a sign-in: ${about}`, 'loginWithPassword', login, { headers: { 'x-forwarded-for': `203.0.113.${id}` } }),
    ]);
  }
  sandbox.faults.clear();
}

async function fetchFiles({ ask, visit, user }: Visitor) {
  const text = await ask('links', '{ managedAccounts(first: 2) { nodes { statementDocument(format: PDF) { url } } } }');
  const [first = '', second = ''] = [...text.matchAll(/\/downloads\/[^"]+/g)].map(([path]) => path);
  await visit('a file', first);
  await visit('the same file', first);
  await visit('a file for a session', second.replace(/[?&]ticket=[^&]+/, ''), { headers: user });
  for (const path of ['/health', '/ready', '/nowhere']) await visit(path, path);
  await visit('the page', '/graphql', { headers: { accept: 'text/html' } });
}
