import './core/scalars.js';
import './access.js';
import './authentication-factors.js';
import './consumers.js';
import './corporates.js';
import './managed-accounts.js';
import './managed-cards.js';
import './managed-card-changes.js';
import './passwords.js';
import './roles.js';
import './spend-rules.js';
import './spend-rule-changes.js';
import './legacy-statements.js';
import './statement-files.js';
import './statements.js';
import './step-up.js';
import './transfers.js';
import './users.js';
import './user-changes.js';
import { specifiedDirectives } from 'graphql';
import { builder } from './core/builder.js';
import { withOurIds } from './core/ids.js';
import { tolerate } from './core/tolerance.js';
import { upstreamDirective } from './core/upstream.js';

export const schema = tolerate(
  withOurIds(builder.toSchema({ directives: [...specifiedDirectives, upstreamDirective] })),
);
