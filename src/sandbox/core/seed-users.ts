import type { NewUser } from '../../weavr/users.js';
import { credentialsOf } from '../access.js';
import { addUser } from '../users.js';
import type { State } from './state.js';

/** Acme's two authorised users: Ben with every optional field set, Cleo with none but her role and the phone she has enrolled. */
export function seedUsers(state: State) {
  const ben = addSeeded(state, 'ben@acme.example', {
    name: 'Ben',
    surname: 'Bolt',
    mobile: { countryCode: '+356', number: '79000003' },
    dateOfBirth: { year: 1992, month: 6, day: 30 },
    tag: 'ben',
    countryOfResidence: 'MT',
    locale: 'en-GB',
    brand: 'acme',
    roles: ['CARDS_MANAGEMENT_ROLE', 'FUNDS_MANAGEMENT_ROLE'],
  });
  ben.onboarding.kyc = 'APPROVED';
  const mobile = { countryCode: '+356', number: '79000004' };
  addSeeded(state, 'cleo@acme.example', { name: 'Cleo', surname: 'Clamp', mobile, roles: ['ADMIN'] });
}

function addSeeded(state: State, email: string, fields: Omit<NewUser, 'email'>) {
  const { id, identities } = credentialsOf(state, email)!; // seedIdentities has made them
  const user = addUser(state, identities[0]!, { email, ...fields }, id);
  Object.assign(user.onboarding, { invitedAt: state.clock.now(), inviteConsumed: true, emailVerified: true });
  return user;
}
