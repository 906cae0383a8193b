import * as rest from '../weavr/back-office.js';
import { managedCards } from '../weavr/managed-cards.js';
import { RenewalType } from './core/cards.js';
import { mutation } from './core/mutation.js';
import { upstream } from './core/upstream.js';
import { ManagedCard } from './managed-cards.js';

mutation('updateManagedCardRenewalType', rest.backOffice.managedCardRenewalTypeUpdate, {
  description: 'Says what happens when a card expires. Weavr offers this on request.',
  input: (t) => ({
    id: t.id({ required: true, description: "Weavr's id of the card." }),
    renewalType: t.field({ type: RenewalType, required: true, description: 'What shall happen.' }),
  }),
  resolve: async (input, call) => {
    await call(input);
    return { id: input.id };
  },
  payload: (t) => ({
    managedCard: t.field({
      ...upstream(managedCards.managedCardGet),
      type: ManagedCard,
      nullable: true,
      description: 'The card as it is now. Asking for it costs one read.',
      resolve: ({ id }, _args, { weavr }) => weavr.find(managedCards.managedCardGet, { id }),
    }),
  }),
});
