import { LRUCache } from 'lru-cache';

/** What an answer can be; the first where the caller likes both equally. */
const TYPES = ['application/json', 'application/graphql-response+json'];

/** Callers use few Accept headers. */
const known = new LRUCache<string, string>({ max: 100, memoMethod: (accept) => find(accept) ?? '' });

/** The media type of an answer to a caller with this Accept header; undefined where it can read no type of ours. */
export const answerTypeFor = (accept: string | undefined) => known.memo(accept || '*/*') || undefined;

interface Range {
  media: string;
  quality: number;
}

/** The type that the caller likes best; of equal ones the one that stands first in the header. */
function find(accept: string) {
  const ranges = accept.split(',').flatMap(readRange);
  const rated = TYPES.map((type) => ({ type, range: mostSpecific(ranges, type) }));
  const liked = rated.flatMap(({ type, range }) => (range && range.quality > 0 ? [{ type, range }] : []));
  liked.sort((a, b) => b.range.quality - a.range.quality || ranges.indexOf(a.range) - ranges.indexOf(b.range));
  return liked[0]?.type;
}

/** A range of media types; nothing where it wants a charset that is not UTF-8. */
function readRange(text: string): Range[] {
  const [media = '', ...parameters] = text.toLowerCase().split(';');
  const given = new Map(parameters.map((parameter) => readParameter(parameter)));
  if (!/^utf-?8$/.test(given.get('charset') ?? 'utf-8')) return [];
  const quality = Number(given.get('q') ?? 1);
  return [{ media: media.trim(), quality: quality >= 0 && quality <= 1 ? quality : 0 }];
}

function readParameter(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=');
  return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')];
}

/** RFC 9110: the most specific range decides about a type. */
function mostSpecific(ranges: readonly Range[], type: string) {
  const names = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const name of names) {
    const range = ranges.find(({ media }) => media === name);
    if (range) return range;
  }
  return undefined;
}
