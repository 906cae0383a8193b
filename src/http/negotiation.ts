import { LRUCache } from 'lru-cache';

/** What an answer can be; the first where the caller takes any JSON. */
const TYPES = ['application/json', 'application/graphql-response+json'];

/** Callers use few Accept headers. */
const known = new LRUCache<string, string>({ max: 100, memoMethod: (accept) => find(accept) ?? '' });

/** The media type of an answer to a caller with this Accept header; undefined where there is none that it can read. */
export const answerTypeFor = (accept: string | undefined) => known.memo(accept || '*/*') || undefined;

/** In the order of the header: callers list first what they like best. */
function find(accept: string) {
  for (const range of accept.split(',')) {
    const [media = '', ...parameters] = range.trim().toLowerCase().split(';');
    if (parameters.some((parameter) => /charset=(?!utf-8$)/.test(parameter))) continue;
    const [type, subtype] = media.trim().split('/');
    const fits = TYPES.find((answer) => {
      const [ourType, ourSubtype] = answer.split('/');
      return (type === '*' || type === ourType) && (subtype === '*' || subtype === ourSubtype);
    });
    if (fits) return fits;
  }
  return undefined;
}
