import * as rest from '../weavr/roles.js';
import { builder } from './core/builder.js';
import { upstream } from './core/upstream.js';

const api = rest.roles;

const Role = builder.objectRef<rest.RbacRole>('Role').implement({
  description: 'A role that the programme has for users.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "Weavr's id." }),
    name: t.exposeString('name', { nullable: true, description: 'Its name for people.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it allows.' }),
  }),
});

builder.queryField('roles', (t) =>
  t.field({
    ...upstream(api.rolesGet),
    type: [Role],
    nullable: true,
    description: 'The roles there are. Null, or `FORBIDDEN`, where the programme does not tell roles apart.',
    resolve: (_root, _args, { weavr }) => weavr.find(api.rolesGet, {}),
  }),
);
