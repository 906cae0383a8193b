import type { Stack } from './harness.js';
import { type Side, TRANSFER_PROFILE } from './transferring.js';

let keys = 0;

/** Submits a bulk by any of the mutations that do. */
export async function submit(stack: Stack, name: string, input: object, token = stack.token) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const { data } = await stack.query(
    `mutation ($input: ${title}Input!) {
      ${name}(input: $input) {
        __typename
        ... on ${title}Payload { operationCount path bulk { id } }
        ... on ConflictError { code }
        ... on ValidationError { fields { path rule } }
      }
    }`,
    { variables: { input }, token },
  );
  return data[name];
}

/** One euro, unless told otherwise. */
export const transferOf = (source: Side, destination: Side, change: object = {}) => ({
  profileId: TRANSFER_PROFILE,
  source,
  destination,
  amount: { currency: 'EUR', amount: 100 },
  ...change,
});

/** A submitted bulk of transfers, by its id. */
export const transfers = async (stack: Stack, items: object[]): Promise<string> =>
  (await submit(stack, 'submitBulkTransfers', { items, idempotencyKey: `bulk-${++keys}` })).bulk.id;

/** Executes, pauses, resumes or cancels a bulk. */
export async function change(stack: Stack, name: string, id: string, more: object = {}) {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const answer = await stack.data(
    `mutation ($input: ${title}Input!) {
      ${name}(input: $input) { __typename ... on ${title}Payload { bulk { status } } ... on MutationError { code } }
    }`,
    { variables: { input: { id, ...more } } },
  );
  return answer[name];
}

const STATUS = `query ($id: ID!) { bulk(id: $id) {
  status mode submittedItemsCount operation startedAt finishedAt operationStatusCounts { status count }
} }`;
export const bulkOf = async (stack: Stack, id: string) => (await stack.data(STATUS, { variables: { id } })).bulk;

/** Ten operations are executed in each. */
export const seconds = ({ sandbox }: Stack, count: number) => sandbox.clock.advance(count * 1_000);

export const operationsOf = async (stack: Stack, id: string, filter: object = {}) =>
  (
    await stack.data(
      `query ($id: ID!, $filter: BulkOperationFilter) { bulk(id: $id) { operations(first: 100, filter: $filter) {
        totalCount nodes { id sequence method path status requestPayload responsePayload }
      } } }`,
      { variables: { id, filter } },
    )
  ).bulk.operations;

/** Submits and executes a bulk to its end. */
export async function executed(stack: Stack, id: string, mode = 'ON_FAILURE_CONTINUE') {
  await change(stack, 'executeBulk', id, { mode });
  seconds(stack, 10);
  return bulkOf(stack, id);
}
