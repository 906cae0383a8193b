import type * as rest from '../weavr/wires.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';

export const WireTransferState = enumType<rest.WireState>('WireTransferState', 'How far a payment to a bank is.', {
  INVALID: 'Found wrong: no money has moved.',
  PENDING_CONFIRMATION: 'Waits for the user to look at what the check of the name has found.',
  PENDING_CHALLENGE: 'Waits for the user to confirm it.',
  SCHEDULED: 'Waits for its time; until then it can be cancelled.',
  SUBMITTED: 'Given to the bank: the money is set aside.',
  APPROVED: 'Taken by the bank, and under way.',
  COMPLETED: 'The money has left.',
  RETURNED: 'The money left and came back.',
  CANCELLED: 'Called off before its time.',
  REJECTED: 'Refused: no money has moved.',
  FAILED: 'Tried in vain: no money has moved.',
});

const PayeeCheck = enumType<rest.ValidationOutcome['category']>(
  'PayeeCheck',
  'By which rules a bank compares the name of a payee with that of its account.',
  {
    UK_CONFIRMATION_OF_PAYEE: "The United Kingdom's Confirmation of Payee.",
    SEPA_VERIFICATION_OF_PAYEE: "SEPA's Verification of Payee.",
  },
);

const PayeeMatch = enumType<rest.PayeeMatch>('PayeeMatch', "What a payee's bank says to the name.", {
  MATCH: 'It is right, in SEPA.',
  EXACT_MATCH: 'It is right, in the United Kingdom.',
  CLOSE_MATCH: 'It is nearly right: `accountName` is the right one.',
  NO_MATCH: "It is wrong: the account is somebody else's.",
  NOT_POSSIBLE: 'The bank cannot or will not say.',
});

export const ValidationOutcome = builder.objectRef<rest.ValidationOutcome>('ValidationOutcome').implement({
  description: "What a payee's bank found when it compared the name with that of the account.",
  fields: (t) => ({
    category: t.field({
      type: PayeeCheck,
      nullable: true,
      description: 'By which rules.',
      resolve: ({ category }) => category,
    }),
    match: t.field({
      type: PayeeMatch,
      nullable: true,
      description: 'Whether the name is right.',
      resolve: ({ categoryResult }) => categoryResult?.match,
    }),
    reasonCode: t.string({
      nullable: true,
      description:
        'Why it is not, in the United Kingdom: `ANNM` for another name, `MBAM` for a similar one, `PANM` and `BANM` for the wrong type of account, `AC01` for no such account. An open set.',
      resolve: ({ categoryResult }) => categoryResult?.reasonCode,
    }),
    accountName: t.string({
      nullable: true,
      description: 'The name that the account has, where the one given is close to it.',
      resolve: ({ categoryResult }) => categoryResult?.accountName,
    }),
  }),
});
