/** What Yoga can answer with. */
const ANSWERS = ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed'];

/** Whether a caller with this Accept header can read our answer; Yoga itself asks only after a mutation is done. */
export const isAnswerable = (accept: string | undefined) =>
  (accept || '*/*').split(',').some((range) => {
    const [media = '', ...parameters] = range.trim().toLowerCase().split(';');
    const [type, subtype] = media.trim().split('/');
    if (parameters.some((parameter) => /charset=(?!utf-8$)/.test(parameter))) return false;
    return ANSWERS.some((answer) => {
      const [ourType, ourSubtype] = answer.split('/');
      return (type === '*' || type === ourType) && (subtype === '*' || subtype === ourSubtype);
    });
  });
