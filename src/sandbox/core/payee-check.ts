import type { ValidationOutcome } from '../../weavr/wires.js';
import type { BankAccount } from './wire-destinations.js';

interface Finding {
  uk: ValidationOutcome['categoryResult']['match'];
  sepa: ValidationOutcome['categoryResult']['match'];
  reasonCode?: string;
}

/**
 * What the other bank says to a name, told by its last character: "Jon Smith?" is nearly right, "Jon Smith!" is somebody
 * else, and the bank of "Jon Smith*" takes no part. Any other name is right.
 */
const FINDINGS = new Map<string, Finding>([
  ['?', { uk: 'CLOSE_MATCH', sepa: 'CLOSE_MATCH', reasonCode: 'MBAM' }],
  ['!', { uk: 'NO_MATCH', sepa: 'NO_MATCH', reasonCode: 'ANNM' }],
  ['*', { uk: 'NOT_POSSIBLE', sepa: 'NOT_POSSIBLE', reasonCode: 'ACNS' }],
]);
const RIGHT: Finding = { uk: 'EXACT_MATCH', sepa: 'MATCH' };

/** Checks the name of an account over the networks that have a check. */
export function checkPayee({ network, name = '' }: BankAccount): ValidationOutcome[] | undefined {
  if (network !== 'SEPA' && network !== 'FASTER_PAYMENTS') return undefined;
  const { uk, sepa, reasonCode } = FINDINGS.get(name.slice(-1)) ?? RIGHT;
  const accountName = uk === 'CLOSE_MATCH' ? name.slice(0, -1).trim() : undefined;
  return network === 'SEPA'
    ? [{ category: 'SEPA_VERIFICATION_OF_PAYEE', categoryResult: { match: sepa, accountName } }]
    : [{ category: 'UK_CONFIRMATION_OF_PAYEE', categoryResult: { match: uk, reasonCode, accountName } }];
}

/** Whether a check found nothing that the user had to look at. */
export const isRight = (outcomes: ValidationOutcome[] = []) =>
  outcomes.every(({ categoryResult: { match } }) => match === 'MATCH' || match === 'EXACT_MATCH');
