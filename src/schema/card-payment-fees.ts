import type * as rest from '../weavr/card-payments.js';
import { builder } from './core/builder.js';
import { enumType } from './core/enums.js';
import { Money } from './core/money.js';

const CardPaymentFeeType = enumType<rest.CardPaymentFee['type']>(
  'CardPaymentFeeType',
  'Who charges for a step of a card payment.',
  { PLATFORM_FEE: 'The programme.', FOREX_FEE: 'Whoever converts the money.' },
);

const FEE_TYPES = new Map([
  ['PLATFORM_FEE', 'CardPaymentPlatformFee'],
  ['FOREX_FEE', 'CardPaymentForexFee'],
]);

export const CardPaymentFee = builder.interfaceRef<rest.CardPaymentFee>('CardPaymentFee').implement({
  description: 'What a step of a card payment costs.',
  resolveType: ({ type }) => FEE_TYPES.get(type) ?? 'OtherCardPaymentFee',
  fields: (t) => ({
    type: t.field({
      type: CardPaymentFeeType,
      nullable: true,
      description: 'Who charges it.',
      resolve: ({ type }) => type,
    }),
    amount: t.expose('amount', {
      type: Money,
      nullable: true,
      description: 'How much, in the currency of the card or account that pays it.',
    }),
  }),
});

builder.objectRef<Extract<rest.CardPaymentFee, { type: 'PLATFORM_FEE' }>>('CardPaymentPlatformFee').implement({
  description: "A fee of the programme's. It is also a transaction of its own, so never add both.",
  interfaces: [CardPaymentFee],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: true, description: "Weavr's id of the fee, as feeds and statements have it." }),
    subtype: t.exposeString('subtype', {
      nullable: true,
      description: 'What it is charged for: `purchase_fees`, `atm_withdrawal_fees`. An open set.',
    }),
  }),
});

builder.objectRef<Extract<rest.CardPaymentFee, { type: 'FOREX_FEE' }>>('CardPaymentForexFee').implement({
  description: 'The price of a conversion. The amounts of the step contain it.',
  interfaces: [CardPaymentFee],
});

builder.objectRef<rest.CardPaymentFee>('OtherCardPaymentFee').implement({
  description: 'A fee of a kind that is newer than this schema.',
  interfaces: [CardPaymentFee],
});
