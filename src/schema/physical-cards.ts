import * as rest from '../weavr/physical-cards.js';
import { DeliveryAddressInput } from './core/cards.js';
import { acknowledge, mutation } from './core/mutation.js';
import { byId, changed, plastic, reread } from './managed-card-changes.js';
import { ManagedCard } from './managed-cards.js';

const api = rest.physicalCards;

mutation('upgradeCardToPhysical', api.managedCardPhysicalUpgrade, {
  description: 'Orders the plastic of a virtual card, once. It is to be activated when it arrives.',
  input: (t) => ({
    ...byId(t),
    deliveryAddress: t.field({ type: DeliveryAddressInput, required: true, description: 'Where it is sent.' }),
    ...plastic(t),
    pin: t.field({ type: 'Secret', description: 'Its PIN, or the token of one that a browser SDK took.' }),
    nameOnCardLine2: t.string({
      description: 'A second printed line, up to 27 characters.',
      deprecationReason: "Set the card's own `nameOnCardLine2`.",
    }),
  }),
  renamed: { value: '' },
  resolve: async ({ pin, ...input }, call) => ({
    managedCard: await call({ ...input, pin: pin ? { value: pin } : null }),
  }),
  payload: changed,
});

mutation('activatePhysicalCard', api.managedCardPhysicalActivate, {
  description:
    'Makes a physical card that has arrived work at terminals. The card that it replaces, if any, ends then.',
  sensitive: { tries: 'ACTIVATION_CODE' },
  input: (t) => ({
    ...byId(t),
    activationCode: t.field({
      type: 'Secret',
      description: 'What was set for it, 1 to 6 digits. Absent, none is asked for.',
    }),
  }),
  resolve: async (input, call) => ({ managedCard: await call(input) }),
  payload: changed,
});

mutation('revealPhysicalCardPin', api.managedCardPhysicalPinGet, {
  description:
    'Shows the PIN of an activated card. It changes nothing; it is a mutation so that nothing on the way keeps it.',
  sensitive: true,
  input: byId,
  resolve: (input, call) => call(input),
  payload: (t) => ({
    pin: t.field({
      type: 'Secret',
      description: 'The PIN, or its token for a browser SDK.',
      resolve: ({ pin }) => pin.value,
    }),
  }),
});

mutation('unblockPhysicalCardPin', api.managedCardPhysicalPinUnBlock, {
  description: 'Lets a PIN be used again that was blocked by too many wrong ones.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('reportCardLost', api.managedCardPhysicalReportLost, {
  description: 'Blocks a physical card as lost, for good. `replaceLostOrStolenCard` orders another.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

mutation('reportCardStolen', api.managedCardPhysicalReportStolen, {
  description: 'Destroys a physical card as stolen. `replaceLostOrStolenCard` orders another.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});

const NEW_CODE = 'Will be asked for when the new card is activated: 1 to 6 digits.';

mutation('replaceLostOrStolenCard', api.managedCardPhysicalReplaceLostOrStolen, {
  description:
    'Orders another physical card for one that was reported lost or stolen. Funds of a prepaid one move to it, but for what is held for purchases.',
  input: (t) => ({
    ...byId(t),
    activationCode: t.field({ type: 'Secret', required: true, description: NEW_CODE }),
  }),
  resolve: async (input, call) => ({ replacement: await call(input) }),
  payload: (t) => ({
    replacement: t.expose('replacement', { type: ManagedCard, description: 'The new card, with an id of its own.' }),
  }),
});

mutation('replaceDamagedCard', api.managedCardPhysicalReplaceDamaged, {
  description:
    "Orders another physical card for one that is damaged. The card's `replacement` may name a new one, with an id of its own.",
  input: (t) => ({
    ...byId(t),
    activationCode: t.field({ type: 'Secret', required: true, description: NEW_CODE }),
  }),
  resolve: acknowledge,
  payload: reread,
});

mutation('resetContactlessLimit', api.managedCardPhysicalContactlessLimitReset, {
  description: 'Lets a wearable be used again without its PIN, when it was used so too often.',
  input: byId,
  resolve: acknowledge,
  payload: reread,
});
