import type { RbacRole, roles } from '../weavr/roles.js';
import type { Handlers } from './core/handlers.js';

const ROLES: RbacRole[] = [
  { id: '120000000000000001', name: 'Card assignee', description: 'Uses the cards that are assigned to them.' },
  { id: '120000000000000002', name: 'Cards management', description: 'Manages all cards.' },
  { id: '120000000000000003', name: 'Funds management', description: 'Moves money.' },
  { id: '120000000000000004', name: 'Access management', description: 'Manages users and their roles.' },
  { id: '120000000000000005', name: 'Admin', description: 'Does all of it.' },
];

export const roleHandlers: Handlers<typeof roles> = {
  rolesGet: () => ROLES,
};
