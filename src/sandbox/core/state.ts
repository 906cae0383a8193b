import type { CredentialId } from '../../weavr/access.js';
import type { Beneficiary } from '../../weavr/beneficiaries.js';
import type { BeneficiaryBatch } from '../../weavr/beneficiary-batches.js';
import type { BulkOperation, BulkProcess } from '../../weavr/bulks.js';
import type { CardPayment } from '../../weavr/card-payments.js';
import type { Consumer, ConsumerKyc } from '../../weavr/consumers.js';
import type { IdentityId } from '../../weavr/core/shapes.js';
import type { Corporate, CorporateKyb, KyiStatus, RootUser } from '../../weavr/corporates.js';
import type { CorrespondentBankTransfer } from '../../weavr/correspondent-bank-transfers.js';
import type { IncomingWireTransfer } from '../../weavr/incoming-wire-transfers.js';
import type { LinkedAccount, VerificationRun } from '../../weavr/linked-accounts.js';
import type { ManagedAccount, ManagedAccountIban } from '../../weavr/managed-accounts.js';
import type { DebitModeCard, PrepaidModeCard } from '../../weavr/managed-cards.js';
import type { OutgoingWireTransfer } from '../../weavr/outgoing-wire-transfers.js';
import type { Send } from '../../weavr/sends.js';
import type { CardLevelSpendRules, IdentityLevelSpendRules } from '../../weavr/spend-rules.js';
import type { MerchantCounterparty } from '../../weavr/statements.js';
import type { Transfer } from '../../weavr/transfers.js';
import type { User } from '../../weavr/users.js';
import { Challenges } from './challenges.js';
import type { Clock } from './clock.js';
import type { ConfirmationChallenge } from './confirmations.js';
import { Idempotency } from './idempotency.js';
import { Ledger } from './ledger.js';
import { type Session, Sessions } from './sessions.js';
import { Table } from './table.js';

/** Weavr's ids have 18 digits, more than a JSON number holds. */
const FIRST_ID = 116776347499233281n;
const ID_STEP = 65537n;

/** Balances are the ledger's: instruments are stored without them. */
export type StoredAccount = Omit<ManagedAccount, 'balances'>;
export type StoredCard = (Omit<PrepaidModeCard, 'balances'> | Omit<DebitModeCard, 'availableToSpend'>) & {
  /** Number and CVV are shown to stepped-up sessions alone, the code of a physical card to nobody. */
  secrets: { cardNumber: string; cvv: string; activationCode?: string; pin?: string };
};

/** Weavr may leave the destination out; the sandbox never does. */
export type StoredSend = Send & Required<Pick<Send, 'destination'>>;

/** A card payment without what it tells of its card, which is looked up. */
export type StoredCardPayment = Omit<CardPayment, 'card'> & {
  cardId: string;
  /** Only statements show it. */
  wallet?: MerchantCounterparty['digitalWalletTypeUsed'];
};

/** What lets a user in. One e-mail address may open several identities. */
export interface Credentials extends CredentialId {
  email: string;
  password?: string;
  passwordExpired?: boolean;
  identities: IdentityId[];
  /** Whether a phone is enrolled for one-time codes, and a device for push. */
  smsEnrolled: boolean;
  pushEnrolled?: 'AUTHY' | 'BIOMETRIC';
  /** What is asked of the user's devices and not confirmed yet. */
  enrolling?: Set<'SMS' | 'AUTHY'>;
  /** When a code was sent because the password was lost. */
  lostPasswordAt?: number;
  /** How often a root user's phone was changed. */
  mobileChanges?: number;
  failedSignIns: number;
  lockedUntil: number;
}

/** An authorised user, and how far they are on the way to be one. */
export interface StoredUser extends User {
  onboarding: {
    invitedAt?: number;
    inviteConsumed?: boolean;
    emailCodeSent?: boolean;
    emailVerified?: boolean;
    kyc: KyiStatus;
  };
}

/** A bulk with its operations in their order, and whose session executes them. */
export interface StoredBulk {
  process: BulkProcess;
  /** The submission's operationId. */
  kind: string;
  operations: BulkOperation[];
  /** What the single operations take, in the same order. */
  inputs: object[];
  session?: Session;
  /** When the next operations are executed. */
  dueAt?: number;
}

/** A notification on a user's device that waits for an answer. */
export interface Push {
  userId: string;
  pass(): void;
}

/** All that the sandbox remembers. Tables are keyed by id and owned by an identity. */
export class State {
  readonly ledger = new Ledger();
  readonly idempotency = new Idempotency();
  readonly sessions: Sessions;
  readonly challenges: Challenges;
  readonly credentials = new Map<string, Credentials>();
  readonly corporates = new Table<Corporate>();
  readonly kyb = new Map<string, Required<CorporateKyb>>();
  readonly consumers = new Table<Consumer>();
  readonly kyc = new Map<string, Required<ConsumerKyc>>();
  readonly users = new Table<StoredUser>();
  readonly managedAccounts = new Table<StoredAccount>();
  readonly ibans = new Map<string, ManagedAccountIban>();
  readonly managedCards = new Table<StoredCard>();
  readonly spendRules = new Map<string, CardLevelSpendRules>();
  readonly identitySpendRules = new Map<string, IdentityLevelSpendRules>();
  readonly transfers = new Table<Transfer>();
  readonly cardPayments = new Table<StoredCardPayment>();
  readonly sends = new Table<StoredSend>();
  readonly outgoingWireTransfers = new Table<OutgoingWireTransfer>();
  readonly correspondentBankTransfers = new Table<CorrespondentBankTransfer>();
  readonly incomingWireTransfers = new Table<IncomingWireTransfer>();
  readonly beneficiaries = new Table<Beneficiary>();
  readonly beneficiaryBatches = new Table<BeneficiaryBatch>();
  readonly confirmationChallenges = new Map<string, ConfirmationChallenge>();
  readonly bulks = new Table<StoredBulk>();
  readonly pushes = new Map<string, Push>();
  readonly linkedAccounts = new Table<LinkedAccount>();
  /** By linked account, newest first. */
  readonly verificationRuns = new Map<string, VerificationRun[]>();
  #lastId = FIRST_ID;

  constructor(readonly clock: Clock) {
    this.sessions = new Sessions(clock);
    this.challenges = new Challenges(this);
  }

  nextId() {
    this.#lastId += ID_STEP;
    return String(this.#lastId);
  }

  /** Whether an identity has passed its due diligence, so that it may hold money. */
  isVerified({ type, id }: IdentityId) {
    return type === 'CORPORATE'
      ? this.kyb.get(id)?.kybStatus === 'APPROVED'
      : this.kyc.get(id)?.fullDueDiligence === 'APPROVED';
  }

  /** Ends an identity's due diligence well, as the review of all that it submitted would. */
  approve({ type, id }: IdentityId) {
    const identity = type === 'CORPORATE' ? this.corporates.find(id, id) : this.consumers.find(id, id);
    Object.assign(identity.rootUser, { emailVerified: true, mobileNumberVerified: true });
    if ('company' in identity) {
      identity.company.registeredAddress ??= identity.company.businessAddress;
      this.kyb.set(id, { kybStatus: 'APPROVED', ongoingKybStatus: 'APPROVED' });
    } else Object.assign(this.kyc.get(id)!, { fullDueDiligence: 'APPROVED', ongoingFullDueDiligence: 'APPROVED' });
  }

  /** What identities know of a root user; nothing of others. */
  rootUsersOf(userId: string): RootUser[] {
    const identities: { rootUser: RootUser }[] = [...this.corporates.all(), ...this.consumers.all()];
    return identities.map(({ rootUser }) => rootUser).filter(({ id }) => id.id === userId);
  }

  /** Whether a user may sign in; root users always may. */
  isActive(userId: string) {
    return this.users.any(userId)?.active ?? true;
  }

  /** The name of an identity, as banks and statements show it. */
  nameOf({ type, id }: IdentityId) {
    if (type === 'CORPORATE') return this.corporates.any(id)?.company.name ?? '';
    const { name, surname } = this.consumers.any(id)?.rootUser ?? { name: '', surname: '' };
    return `${name} ${surname}`;
  }

  /** The debit cards that spend from an account and still exist. */
  cardsOn(accountId: string) {
    return this.managedCards
      .all()
      .filter(
        (card) =>
          card.mode === 'DEBIT_MODE' && card.parentManagedAccountId === accountId && card.state.state !== 'DESTROYED',
      );
  }

  /** The account that an instrument's movements are posted to: a debit card's is its parent's. */
  ledgerAccountOf(card: StoredCard) {
    return card.mode === 'DEBIT_MODE' ? card.parentManagedAccountId : card.id;
  }
}
