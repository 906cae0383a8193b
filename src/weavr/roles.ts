import { op, operations } from './core/operation.js';
import type { NoInput } from './core/shapes.js';

/** Not to be found among a user's `roles`, which are names: these have ids. */
export interface RbacRole {
  id: string;
  name?: string;
  description?: string;
}

export const roles = operations({
  // A bare array, without pages.
  rolesGet: op<NoInput, RbacRole[]>('GET /multi/roles'),
});
