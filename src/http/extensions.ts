import type { Step } from './steps.js';

/** Adds to an answer the enum values that this schema does not know. */
export const tellUnrecognized: Step =
  ({ contextValue: { unrecognized } }) =>
  (result) => {
    if (!unrecognized.size) return;
    const weavr = { unrecognized: [...unrecognized].sort() };
    result.extensions = { ...result.extensions, weavr };
  };
