import type { ArgBuilder } from '@pothos/core';
import type { Operation } from '../weavr/core/operation.js';
import type { ById, Page } from '../weavr/core/shapes.js';
import { firstFormTypes } from '../weavr/statement-forms.js';
import * as rest from '../weavr/statements.js';
import { builder, type Context, type FileLink, type Types } from './core/builder.js';
import type { PayloadFields } from './core/mutation.js';
import { badInput } from './core/scalars.js';
import { ManagedAccount } from './managed-accounts.js';
import { ManagedCard } from './managed-cards.js';
import { asQuery, type StatementFilters, statementFilters } from './statements.js';

const api = rest.statements;

const StatementFormat = builder.enumType('StatementFormat', {
  description: 'What kind of file.',
  values: {
    PDF: {
      description:
        'For people to read: the current form of statements, with what is final. In a back office session the first form.',
    },
    CSV: {
      description: 'The first form of statements, the only one there is as CSV: pending movements are in it, too.',
    },
  },
});

/** The fields of every link to a file. */
export const fileFields = (t: PayloadFields<FileLink>) => ({
  url: t.expose('url', {
    type: 'URL',
    description:
      'To be fetched with GET: once and without credentials until it expires, so it can be opened by a browser; later and again with the Authorization header of a session that may see what it is about.',
  }),
  mediaType: t.exposeString('mediaType', { description: '`application/pdf` or `text/csv`.' }),
  filename: t.exposeString('filename', { description: 'The name it will be saved under.' }),
  expiresAt: t.expose('expiresAt', {
    type: 'DateTime',
    description: 'Until when the link works without credentials, a minute at most.',
  }),
});

const StatementDocument = builder.objectRef<FileLink>('StatementDocument').implement({
  description: 'A link to a statement as a file. The download costs one REST call, the link none.',
  fields: fileFields,
});

type Current = Operation<Page & rest.StatementFilter, rest.Statement>;
type Legacy = Operation<Page & rest.LegacyStatementFilter, rest.LegacyStatement>;

/** The same conditions for the first form, which does not know by which card or IBAN money was reached. */
function asLegacyQuery({ filter, sortOrder }: StatementFilters) {
  if (filter?.executingAccessInstrumentId || filter?.executingAccessInstrumentType) {
    throw badInput('no condition on the executing access instrument, for the first form does not know it');
  }
  const types = filter?.transactionType && firstFormTypes(filter.transactionType, rest.LEGACY_TRANSACTION_TYPES);
  return {
    fromTimestamp: filter?.from,
    toTimestamp: filter?.to,
    orderByTimestamp: sortOrder,
    transactionType: types,
  };
}

const statementDocument = (t: ArgBuilder<Types>, current: Current, legacy: Legacy) => ({
  type: StatementDocument,
  nullable: true as const,
  description: 'Its statement as a file: all entries of the period, not a page of them.',
  args: {
    format: t({ type: StatementFormat, required: true, description: 'What kind of file.' }),
    ...statementFilters(t),
  },
  resolve: (
    { id }: ById,
    { format, ...filters }: { format: 'PDF' | 'CSV' } & StatementFilters,
    { linkTo, weavr }: Context,
  ) => {
    const mediaType = format === 'CSV' ? 'text/csv' : 'application/pdf';
    return format === 'CSV' || weavr.session.api === 'BACK_OFFICE'
      ? linkTo({ operation: legacy, input: { id, ...asLegacyQuery(filters) }, mediaType })
      : linkTo({ operation: current, input: { id, ...asQuery(filters) }, mediaType });
  },
});

builder.objectFields(ManagedAccount, (t) => ({
  statementDocument: t.field(
    statementDocument(t.arg, api.managedAccountStatement, api.managedAccountStatementDeprecated),
  ),
}));

builder.interfaceFields(ManagedCard, (t) => ({
  statementDocument: t.field(statementDocument(t.arg, api.managedCardStatement, api.managedCardStatementDeprecated)),
}));
