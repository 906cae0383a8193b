import type { Stack } from './harness.js';

export interface Batch {
  id: string;
  state: string;
  requiredAction: string | null;
  beneficiaries: { id: string; state: string; validationFailure: string | null }[];
}

const BATCH = 'id state operation tag requiredAction beneficiaries { id state validationFailure }';

let numbers = 0;

/** Adds, removes and confirms beneficiaries as Acme's root user. */
export function batching(stack: () => Stack) {
  const create = async (beneficiaries: object[], more: object = {}, selection = BATCH) => {
    const { data } = await stack().query(
      `mutation ($input: CreateBeneficiariesInput!) {
        createBeneficiaries(input: $input) {
          __typename
          ... on CreateBeneficiariesPayload { batch { ${selection} } }
          ... on ValidationError { fields { path rule } }
        }
      }`,
      { variables: { input: { beneficiaries, ...more } } },
    );
    return data.createBeneficiaries;
  };

  /** Another account at a bank each time. */
  const atBank = () => ({
    information: { business: { businessName: 'Tunnel Paints' } },
    details: {
      bankAccount: {
        details: { sortCode: { sortCode: '200000', accountNumber: String(++numbers).padStart(8, '0') } },
      },
    },
  });

  const created = async (count = 1): Promise<Batch> => (await create(Array.from({ length: count }, atBank))).batch;

  const act = async (name: string, input: object) => {
    const title = name.charAt(0).toUpperCase() + name.slice(1);
    const { data } = await stack().query(
      `mutation ($input: ${title}Input!) {
        ${name}(input: $input) {
          __typename
          ... on ${title}Payload { batch { ${BATCH} } }
          ... on MutationError { code }
          ... on ConflictError { action }
          ... on ValidationError { fields { path rule } }
        }
      }`,
      { variables: { input } },
    );
    return data[name];
  };

  const start = (id: string) => act('startBeneficiaryBatchOtp', { id });
  const verify = (id: string, verificationCode = '123456') =>
    act('verifyBeneficiaryBatchOtp', { id, verificationCode });
  const confirm = async (id: string): Promise<Batch> => {
    await start(id);
    return (await verify(id)).batch;
  };
  const remove = (beneficiaryIds: string[]) => act('removeBeneficiaries', { beneficiaryIds });

  return { atBank, create, created, act, start, verify, confirm, remove };
}
