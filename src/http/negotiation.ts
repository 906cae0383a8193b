/** What Yoga can answer with. */
const ANSWERS = ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed'];

/** Whether a caller with this Accept header can read our answer; asked before anything is executed. */
export const isAnswerable = (accept = '*/*') =>
  accept.split(',').some((range) => {
    const [type, subtype] = (range.split(';')[0] ?? '').trim().toLowerCase().split('/');
    return ANSWERS.some((answer) => {
      const [ourType, ourSubtype] = answer.split('/');
      return (type === '*' || type === ourType) && (subtype === '*' || subtype === ourSubtype);
    });
  });
