import type * as rest from '../weavr/card-payments.js';
import { CardPaymentEvent, type EventContext } from './card-payment-events.js';
import { builder } from './core/builder.js';
import { TimeoutDecision } from './core/cards.js';
import { enumType } from './core/enums.js';
import { Money, rateOf } from './core/money.js';

const CardPaymentEventResult = enumType<NonNullable<rest.AuthorisationEvent['result']>>(
  'CardPaymentEventResult',
  'How an authorisation ended.',
  { APPROVED: 'The merchant gets the money.', DECLINED: 'The merchant gets none.' },
);

const AuthorisationCategory = enumType<NonNullable<rest.AuthorisationEvent['authorisationCategory']>>(
  'AuthorisationCategory',
  'How sure the amount of an authorisation is.',
  { PRE_AUTH: 'An estimate, which the settlement may change.', FINAL_AUTH: 'The amount that will be settled.' },
);

const AuthForwardingDetails = builder
  .objectRef<NonNullable<rest.AuthorisationEvent['authForwardingDetails']>>('AuthForwardingDetails')
  .implement({
    description: 'How an authorisation fared that your server was to decide.',
    fields: (t) => ({
      triggered: t.exposeBoolean('triggered', { nullable: true, description: 'Whether your server was asked.' }),
      decisionOutcome: t.expose('decisionOutcome', {
        type: TimeoutDecision,
        nullable: true,
        description: 'What applied where it did not answer in time.',
      }),
      innovatorTimedOut: t.exposeBoolean('innovatorTimedOut', {
        nullable: true,
        description: 'Whether it did not answer in time.',
      }),
    }),
  });

const CardPaymentForex = builder
  .objectRef<NonNullable<rest.AuthorisationEvent['forex']>>('CardPaymentForex')
  .implement({
    description: 'How an amount in another currency was authorised.',
    fields: (t) => ({
      exchangeRate: t.string({
        nullable: true,
        description: 'The rate of that moment, as an exact decimal: `"1.2345"`.',
        resolve: ({ exchangeRate }) => rateOf(exchangeRate),
      }),
      padding: t.expose('padding', {
        type: Money,
        nullable: true,
        description: 'What is held on top, against a change of the rate.',
      }),
    }),
  });

builder.objectRef<rest.AuthorisationEvent & EventContext>('CardPaymentAuthorisation').implement({
  description: 'A merchant asked for money, or what was held for it was changed or given back. No money moved.',
  interfaces: [CardPaymentEvent],
  fields: (t) => ({
    result: t.expose('result', {
      type: CardPaymentEventResult,
      nullable: true,
      description: 'How it ended; null for a reversal.',
    }),
    authorisationCategory: t.expose('authorisationCategory', {
      type: AuthorisationCategory,
      nullable: true,
      description: 'How sure its amount is.',
    }),
    authForwardingDetails: t.expose('authForwardingDetails', {
      type: AuthForwardingDetails,
      nullable: true,
      description: 'How it fared where your server decides about the card.',
    }),
    declineReason: t.exposeString('declineReason', {
      nullable: true,
      description: 'Why it was declined: `INSUFFICIENT_BALANCE`, `AUTH_RULE_CHECKS_FAILED`. An open set.',
    }),
    authRuleFailedReason: t.exposeString('authRuleFailedReason', {
      nullable: true,
      description: 'Which spend rule declined it: `MERCHANT_CATEGORY_BLOCKED`, `SPEND_LIMIT_EXCEEDED`. An open set.',
    }),
    cancellationReason: t.exposeString('cancellationReason', {
      nullable: true,
      description: 'Why what was held was given back, where somebody said.',
    }),
    forex: t.expose('forex', {
      type: CardPaymentForex,
      nullable: true,
      description: 'How it was converted; null if it was not.',
    }),
  }),
});
