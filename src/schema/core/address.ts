import type * as rest from '../../weavr/core/shapes.js';
import { builder } from './builder.js';
import type { InputFields, PayloadFields } from './mutation.js';

/** The fields of every address, for objects that carry more beside them. */
export const addressFields = (t: PayloadFields<rest.Address>) => ({
  addressLine1: t.exposeString('addressLine1', { nullable: true, description: 'Street and number.' }),
  addressLine2: t.exposeString('addressLine2', { nullable: true, description: 'Whatever the first line cannot hold.' }),
  city: t.exposeString('city', { nullable: true, description: 'The town.' }),
  postCode: t.exposeString('postCode', { nullable: true, description: 'The post code.' }),
  state: t.exposeString('state', { nullable: true, description: 'The state, county or region.' }),
  country: t.expose('country', { type: 'CountryCode', nullable: true, description: 'ISO 3166-1 alpha-2 code.' }),
});

/** Which of them must be there differs from operation to operation: Weavr says so in a ValidationError. */
export const addressInputFields = (t: InputFields) => ({
  addressLine1: t.string({ description: 'Street and number. Most addresses need it.' }),
  addressLine2: t.string({ description: 'Whatever the first line cannot hold.' }),
  city: t.string({ description: 'The town, up to 50 characters. Most addresses need it.' }),
  postCode: t.string({ description: 'Up to 10 letters, digits, spaces and hyphens. Most addresses need it.' }),
  state: t.string({ description: 'The state, county or region, up to 50 characters.' }),
  country: t.field({ type: 'CountryCode', description: 'ISO 3166-1 alpha-2 code. Most addresses need it.' }),
});

export const Address = builder.objectRef<rest.Address>('Address').implement({
  description: 'A postal address.',
  fields: addressFields,
});

export const AddressInput = builder.inputType('AddressInput', {
  description: 'A postal address.',
  fields: addressInputFields,
});
