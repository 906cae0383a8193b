import type * as rest from '../../weavr/managed-cards.js';
import { addressFields, addressInputFields } from './address.js';
import { builder } from './builder.js';
import { enumType } from './enums.js';

export const CardMode = enumType<rest.ManagedCard['mode']>('CardMode', 'How a card is funded.', {
  PREPAID_MODE: 'It holds its own funds.',
  DEBIT_MODE: 'It spends from its parent account.',
});

export const CardType = enumType<rest.ManagedCard['type']>('CardType', 'Whether a card can be held in the hand.', {
  VIRTUAL: 'Only a number: for online purchases and digital wallets.',
  PHYSICAL: 'Printed, or part of a wearable.',
});

export const CardBrand = enumType<NonNullable<rest.ManagedCard['cardBrand']>>('CardBrand', 'The scheme of a card.', {
  MASTERCARD: 'Mastercard.',
  VISA: 'Visa.',
});

export const CardClassification = enumType<NonNullable<rest.ManagedCard['cardLevelClassification']>>(
  'CardClassification',
  'Whose range of numbers a card is from.',
  { CONSUMER: 'The range for consumers.', CORPORATE: 'The range for corporates.' },
);

export const RenewalType = enumType<NonNullable<rest.ManagedCard['renewalType']>>(
  'RenewalType',
  'What happens to a card when it expires.',
  {
    RENEW: 'It keeps its number, and gets new dates and a new CVV.',
    NO_RENEW: 'It is destroyed.',
  },
);

export const TimeoutDecision = enumType<NonNullable<rest.ManagedCard['authForwardingDefaultTimeoutDecision']>>(
  'TimeoutDecision',
  'What becomes of a purchase that nobody decides in time.',
  { APPROVE: 'It goes through.', DECLINE: 'It is declined.' },
);

export const ManufacturingState = enumType<(typeof rest.MANUFACTURING_STATES)[number]>(
  'ManufacturingState',
  'How far a physical card is on its way.',
  {
    REQUESTED: 'Asked for.',
    SENT_FOR_FULFILLMENT: 'With the printer.',
    DISPATCHED: 'Printed and sent; again when it gets a tracking code.',
    DELIVERED: 'Received, and activated by its holder.',
  },
);

export const DeliveryMethod = enumType<(typeof rest.DELIVERY_METHODS)[number]>(
  'DeliveryMethod',
  'How a physical card is sent.',
  {
    STANDARD_DELIVERY: 'By post; what is used where nothing is said.',
    REGISTERED_MAIL: 'By registered mail.',
    COURIER: 'By courier.',
    FIRST_CLASS_MAIL: 'By first-class mail.',
  },
);

export const ReplacementReason = enumType<(typeof rest.REPLACEMENT_REASONS)[number]>(
  'ReplacementReason',
  'Why another card took its place.',
  {
    DAMAGED: 'It does not work at terminals any more.',
    LOST_STOLEN: 'It was lost or stolen.',
    EXPIRED: 'It expired.',
    COMPROMISED: 'Its number came into the wrong hands.',
  },
);

export const ThreeDsChannel = enumType<(typeof rest.THREEDS_CHANNELS)[number]>(
  'ThreeDsChannel',
  'How an online purchase is confirmed.',
  {
    OTP_SMS: 'By a code in a text message.',
    BIOMETRICS: 'On an enrolled device.',
    TWILIO_AUTHY: 'In the Authy app.',
  },
);

export const DigitalWallets = builder.objectRef<rest.DigitalWallets>('DigitalWallets').implement({
  description: 'Whether a card may be added to the wallet of a phone.',
  fields: (t) => ({
    walletsEnabled: t.exposeBoolean('walletsEnabled', {
      nullable: true,
      description: 'Whether its holder may add it by hand.',
    }),
    pushProvisioningEnabled: t.exposeBoolean('pushProvisioningEnabled', {
      nullable: true,
      description: 'Whether an app may add it.',
    }),
    artworkReference: t.exposeString('artworkReference', { nullable: true, description: 'What it looks like there.' }),
  }),
});

export const ExternalDatum = builder.objectRef<rest.ExternalDatum>('ExternalDatum').implement({
  description: "One of the caller's own values.",
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What it is.' }),
    value: t.exposeString('value', { nullable: true, description: 'The value.' }),
  }),
});

export const ThreeDSecureAuthConfig = builder
  .objectRef<rest.ThreeDSecureAuthConfig>('ThreeDSecureAuthConfig')
  .implement({
    description: 'How online purchases with a card are confirmed.',
    fields: (t) => ({
      linkedUserId: t.exposeID('linkedUserId', { nullable: true, description: 'The user who confirms.' }),
      primaryChannel: t.expose('primaryChannel', {
        type: ThreeDsChannel,
        nullable: true,
        description: 'What is tried first.',
      }),
      fallbackChannel: t.expose('fallbackChannel', {
        type: ThreeDsChannel,
        nullable: true,
        description: 'What is tried then.',
      }),
    }),
  });

export const DeliveryAddress = builder.objectRef<rest.DeliveryAddress>('DeliveryAddress').implement({
  description: 'Where a physical card is sent, and to whom.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'First name.' }),
    surname: t.exposeString('surname', { nullable: true, description: 'Last name.' }),
    contactNumber: t.exposeString('contactNumber', {
      nullable: true,
      description: 'For the carrier: + and digits. Printed on a box of many cards.',
    }),
    ...addressFields(t),
  }),
});

export const DeliveryAddressInput = builder.inputType('DeliveryAddressInput', {
  description: 'Where a physical card is sent, and to whom.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'First name, up to 100 characters.' }),
    surname: t.string({ required: true, description: 'Last name, up to 100 characters.' }),
    contactNumber: t.string({ description: 'For the carrier: + and digits. Needed for bulk delivery.' }),
    ...addressInputFields(t),
  }),
});
