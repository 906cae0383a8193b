import type { CurrencyAmount, IdentityId } from '../weavr/core/shapes.js';
import {
  type AccountReference,
  type LinkedAccount,
  type TransferInstruction,
  VERIFICATION_STEPS,
  type VerificationRun,
  type VerificationStep,
  type VerificationStepName,
  type VerificationStepStatus,
} from '../weavr/linked-accounts.js';
import type { BankAccountCounterparty } from '../weavr/statements.js';
import type { Confirmable } from './core/confirmations.js';
import type { State, StoredAccount } from './core/state.js';
import { receiveWire } from './incoming-wire-transfers.js';

/** What a new verification waits for, step by step; the steps may be done in any order. */
const FIRST_STATUSES: Record<VerificationStepName, VerificationStepStatus> = {
  TRANSFER_INSTRUCTION: 'PENDING_USER',
  USER_DECLARATION_SCA_CHALLENGE: 'PENDING_USER',
  INTERNAL_CHECKS: 'PENDING_REVIEW',
  MICRO_DEPOSIT: 'PENDING_EXECUTION',
};

/** In the currency's minor unit. */
const DEPOSIT = 1;

/** The owner's account that a verification's payment goes to: one with bank details in that currency. */
export const destinationFor = (state: State, owner: string, currency: string): StoredAccount | undefined =>
  state.managedAccounts
    .of(owner)
    .find(
      (account) =>
        account.currency === currency &&
        account.state.state === 'ACTIVE' &&
        state.ibans.get(account.id)?.state === 'ALLOCATED',
    );

/** The bank details of an account as a reference: SWIFT's are an IBAN, too. */
function referenceOf(state: State, accountId: string): AccountReference | undefined {
  const details = state.ibans.get(accountId)?.bankAccountDetails?.[0]?.details;
  return details && 'code' in details ? { iban: details.iban, bankIdentifierCode: details.code } : details;
}

export function startVerification(state: State, owner: IdentityId, { id, name, currency = '' }: LinkedAccount) {
  const amount: CurrencyAmount = { currency, amount: DEPOSIT };
  const destination = destinationFor(state, owner.id, currency);
  const runId = state.nextId();
  const instruction = {
    amount,
    reference: `LA${runId.slice(-10)}`,
    destination: {
      accountOwnerName: state.nameOf(owner),
      accountType: owner.type === 'CORPORATE' ? ('BUSINESS' as const) : ('PERSONAL' as const),
      accountReference: destination && referenceOf(state, destination.id),
    },
  };
  const details: Partial<Record<VerificationStepName, VerificationStep['details']>> = {
    TRANSFER_INSTRUCTION: instruction,
    MICRO_DEPOSIT: { amount, senderName: name },
  };
  const verificationSteps = VERIFICATION_STEPS.map((step) => ({
    step,
    status: FIRST_STATUSES[step],
    details: details[step],
  }));
  const runs = state.verificationRuns.get(id) ?? [];
  state.verificationRuns.set(id, [{ id: runId, state: 'PENDING', verificationSteps }, ...runs]);
}

const pendingRun = (state: State, accountId: string): VerificationRun | undefined =>
  state.verificationRuns.get(accountId)?.find((run) => run.state === 'PENDING');

const isOpen = ({ status }: VerificationStep) => status !== 'COMPLETED' && status !== 'REJECTED';

export type VerificationRefusal = 'ALREADY_COMPLETED' | 'ALREADY_REJECTED';

/** Ends some steps of an account's verification, and with the last of them the whole; answers why it cannot. */
export function verifySteps(
  state: State,
  accountId: string,
  steps: readonly VerificationStepName[],
  result: 'COMPLETED' | 'REJECTED',
  at = state.clock.now(),
): VerificationRefusal | undefined {
  const all = pendingRun(state, accountId)?.verificationSteps ?? [];
  const open = all.filter((step) => isOpen(step) && step.step && steps.includes(step.step));
  if (open.length < new Set(steps).size) {
    const run = state.verificationRuns.get(accountId)?.[0];
    return run?.state === 'REJECTED' ? 'ALREADY_REJECTED' : 'ALREADY_COMPLETED';
  }
  for (const step of open) {
    const bounces = step.step === 'MICRO_DEPOSIT' && result === 'COMPLETED' && !deposit(state, accountId, at);
    Object.assign(step, { status: bounces ? 'REJECTED' : result, completedTimestamp: at });
  }
  if (all.some(({ status }) => status === 'REJECTED')) decideVerification(state, accountId, 'REJECTED', { at });
  else if (!all.some(isOpen)) decideVerification(state, accountId, 'VERIFIED', { at });
  return undefined;
}

/** Ends an account's verification, whatever its steps say; answers why it cannot. */
export function decideVerification(
  state: State,
  accountId: string,
  outcome: 'VERIFIED' | 'REJECTED',
  { at = state.clock.now(), overriddenReason }: { at?: number; overriddenReason?: string } = {},
): VerificationRefusal | undefined {
  const account = state.linkedAccounts.any(accountId);
  const run = pendingRun(state, accountId);
  if (!account || !run) return account?.state === 'REJECTED' ? 'ALREADY_REJECTED' : 'ALREADY_COMPLETED';
  Object.assign(run, { state: outcome, completedTimestamp: at, overriddenReason });
  account.state = outcome === 'VERIFIED' ? 'ACTIVE' : 'REJECTED';
  return undefined;
}

/** What the user was told to pay from an account whose verification is under way. */
const instructionOf = (state: State, accountId: string): TransferInstruction | undefined =>
  pendingRun(state, accountId)
    ?.verificationSteps?.map(({ details }) => details)
    .find((details): details is TransferInstruction => details !== undefined && 'reference' in details);

/** An account's number as statements show the sender's. */
function senderOf({ name, accountReference: reference }: LinkedAccount): BankAccountCounterparty {
  if (!reference) return { name };
  if ('iban' in reference) return { name, iban: reference.iban, bic: reference.bankIdentifierCode };
  if ('accountDescriptor' in reference) return { name, accountNumber: reference.accountDescriptor };
  return { name, sortCode: reference.sortCode, accountNumber: reference.accountNumber };
}

/** The payment from the linked account arrives; false where the account it was to go to cannot take it. */
function deposit(state: State, linkedId: string, at: number): boolean {
  const account = state.linkedAccounts.any(linkedId);
  const instruction = instructionOf(state, linkedId);
  const number = JSON.stringify(instruction?.destination?.accountReference);
  const destination = state.managedAccounts
    .of(state.linkedAccounts.ownerOf(linkedId) ?? '')
    .find(({ id }) => JSON.stringify(referenceOf(state, id)) === number);
  if (!account || !instruction || !destination) return false;
  const sender = { ...senderOf(account), reference: instruction.reference };
  return receiveWire(state, destination, { amount: instruction.amount, sender }, { at }) === 'COMPLETED';
}

const DECLARATION = 'USER_DECLARATION_SCA_CHALLENGE';

/** The declaration that an account is the user's own, which a root user confirms by a challenge. */
export const linkedAccountConfirmable: Confirmable = {
  isPending: (state, owner, id) =>
    state.linkedAccounts.ownerOf(id) === owner &&
    (pendingRun(state, id)?.verificationSteps ?? []).some((step) => step.step === DECLARATION && isOpen(step)),
  confirm: (state, _owner, id) => void verifySteps(state, id, [DECLARATION], 'COMPLETED'),
};
