import './core/scalars.js';
import './managed-accounts.js';
import { specifiedDirectives } from 'graphql';
import { builder } from './core/builder.js';
import { tolerate } from './core/tolerance.js';
import { upstreamDirective } from './core/upstream.js';

export const schema = tolerate(builder.toSchema({ directives: [...specifiedDirectives, upstreamDirective] }));
