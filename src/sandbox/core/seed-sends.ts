import type { InstrumentId } from '../../weavr/core/shapes.js';
import type { NewSend } from '../../weavr/sends.js';
import { CHARGED_SEND_PROFILE, SEND_PROFILE, takeSend } from '../sends.js';
import type { Seeded } from './seed.js';
import { RECEIVING } from './seed-beneficiaries.js';
import type { State } from './state.js';

/** What Acme and Ada have sent each other in the past days, and what waits to be. */
export function seedSends(state: State, { acme, ada, accounts, adaAccount, daysAgo }: Seeded) {
  const ours: InstrumentId = { type: 'managed_accounts', id: accounts[RECEIVING]!.id };
  const hers: InstrumentId = { type: 'managed_accounts', id: adaAccount.id };
  const acmeSends = (amount: number, days: number, order: Partial<NewSend>) => {
    const destinationAmount = { currency: 'GBP', amount };
    const whole = { profileId: SEND_PROFILE, source: ours, destination: hers, destinationAmount, ...order };
    return takeSend(state, acme.id, whole, daysAgo(days));
  };
  const toAda = beneficiaryOf(state, acme.id, adaAccount.id);
  const toAcme = beneficiaryOf(state, ada.id, ours.id);
  const at = (days: number) => String(daysAgo(days));

  acmeSends(12_50, 4, { description: 'Taxi', tag: 'expenses' });
  takeSend(
    state,
    ada.id,
    {
      profileId: SEND_PROFILE,
      source: hers,
      destination: toAcme,
      destinationAmount: { currency: 'GBP', amount: 80_00 },
    },
    daysAgo(3),
  );
  // Every optional field at once, but for the reason that only a cancelled one has.
  acmeSends(250_00, 2.5, {
    profileId: CHARGED_SEND_PROFILE,
    destination: toAda,
    description: 'Consulting, first half',
    tag: 'consulting',
    scheduledTimestamp: at(2),
  });
  const cancelled = acmeSends(250_00, 1.5, { destination: toAda, tag: 'consulting', scheduledTimestamp: at(-30) });
  Object.assign(cancelled, { state: 'CANCELLED', cancellationReason: 'Project ended' });
  acmeSends(75_00, 1, { destination: toAda, description: 'Expenses of May', scheduledTimestamp: at(-10) });
  acmeSends(120_00, 0.1, { description: 'Deposit back', tag: 'expenses' });
  state.clock.now(); // executes what is due
}

/** An owner's beneficiary that is paid at an account. */
function beneficiaryOf(state: State, owner: string, accountId: string) {
  const beneficiary = state.beneficiaries
    .of(owner)
    .find(({ beneficiaryDetails: to }) => 'instrument' in to && to.instrument.id === accountId);
  return { beneficiaryId: beneficiary!.id }; // seedBeneficiaries has made it
}
