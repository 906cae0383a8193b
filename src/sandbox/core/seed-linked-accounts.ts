import type { LinkedAccount, NewLinkedAccount } from '../../weavr/linked-accounts.js';
import { decideVerification, verifySteps } from '../linked-account-verifications.js';
import { LINKED_ACCOUNT_PROFILE, linkAccount } from '../linked-accounts.js';
import type { Seeded } from './seed.js';
import type { State } from './state.js';

const NAME = 'Acme Ltd';

/** One account of each state and of each kind of number; the first has every optional field. */
const ACCOUNTS: NewLinkedAccount[] = [
  {
    name: NAME,
    type: 'BUSINESS',
    country: 'DE',
    currency: 'EUR',
    friendlyName: 'Acme at the Commerzbank',
    tag: 'treasury',
    profileId: LINKED_ACCOUNT_PROFILE,
    accountReference: { iban: 'DE02100100100006820101', bankIdentifierCode: 'PBNKDEFF' },
  },
  {
    name: NAME,
    type: 'BUSINESS',
    country: 'GB',
    currency: 'GBP',
    friendlyName: 'Building society',
    accountReference: { sortCode: '090128', accountNumber: '46815379', secondaryReference: 'ROLL 77-1' },
  },
  {
    name: NAME,
    type: 'BUSINESS',
    country: 'US',
    currency: 'USD',
    accountReference: { accountDescriptor: '021000021 / 9876543210' },
  },
  { name: NAME, type: 'BUSINESS', country: 'FR', accountReference: { iban: 'FR1420041010050500013M02606' } },
  { name: NAME, type: 'BUSINESS', country: 'IT', accountReference: { iban: 'IT60X0542811101000000123456' } },
];

/** Acme's accounts at other banks: active, blocked, waiting for its user, rejected and removed. */
export function seedLinkedAccounts(state: State, { acme, daysAgo }: Seeded) {
  const linked = ACCOUNTS.map((account, index) => linkAccount(state, acme, account, daysAgo(60 - index)));
  const [active, blocked, , rejected, removed] = linked as [LinkedAccount, ...LinkedAccount[]]; // as many as there are above
  const done = ['TRANSFER_INSTRUCTION', 'USER_DECLARATION_SCA_CHALLENGE', 'INTERNAL_CHECKS'] as const;
  for (const account of [active, blocked!, removed!]) {
    verifySteps(state, account.id, done, 'COMPLETED', daysAgo(50));
    decideVerification(state, account.id, 'VERIFIED', {
      at: daysAgo(49),
      overriddenReason: 'A bank statement was seen',
    });
  }
  blocked!.state = 'BLOCKED';
  removed!.state = 'REMOVED';
  verifySteps(state, rejected!.id, ['INTERNAL_CHECKS'], 'REJECTED', daysAgo(48));
}
