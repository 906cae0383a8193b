import type { Operation } from '../src/weavr/core/operation.js';

/** What became of the properties of one operation's answers, by path: `cards[].state.state`. */
export interface Recording {
  /** What Weavr answered, with the last question that made it. */
  answered: Map<string, number>;
  /** What was read by name. */
  read: Set<string>;
  /** What was copied together with its siblings (`{ ...balances }`): whether anybody reads the copy cannot be seen. */
  copied: Map<string, number>;
}

/** Another value for one property of an operation's answers, wherever it stands; undefined leaves it out. */
export interface Alteration {
  operation: string;
  path: string;
  change: (value: unknown) => unknown;
}

const under = (path: string, of: object, key: string) =>
  Array.isArray(of) ? `${path}[]` : path ? `${path}.${key}` : key;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

/** Every leaf of a body, by its path; an empty list counts as its items. */
function* leaves(of: object, path = ''): Generator<string> {
  for (const [key, value] of Object.entries(of)) {
    const at = under(path, of, key);
    if (isEmptyList(value)) yield `${at}[]`;
    else if (isObject(value)) yield* leaves(value, at);
    else yield at;
  }
}

/** Where a look is noted. */
interface Looks {
  read: (path: string) => void;
  copied: (path: string) => void;
}

/** The same value to look at, which notes each look. */
function watched<T extends object>(of: T, looks: Looks, path = ''): T {
  // Spreads and `Object.entries` ask for a property's descriptor before they take it; reading by name does not.
  const described = new Set<string | symbol>();
  return new Proxy(of, {
    getOwnPropertyDescriptor(target, key) {
      described.add(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key) || (Array.isArray(target) && key === 'length'))
        return value;
      const at = under(path, target, key);
      if (isObject(value) && !isEmptyList(value)) return watched(value, looks, at);
      const look = described.delete(key) ? looks.copied : looks.read;
      look(isObject(value) ? `${at}[]` : at);
      return value;
    },
  });
}

function altered(of: unknown, alteration: Alteration, path = ''): unknown {
  if (!isObject(of)) return path === alteration.path ? alteration.change(of) : of;
  if (isEmptyList(of)) return `${path}[]` === alteration.path ? [alteration.change('') ?? []].flat() : of;
  const all = Object.entries(of).map(
    ([key, value]) => [key, altered(value, alteration, under(path, of, key))] as const,
  );
  const left = all.filter(([, value]) => value !== undefined);
  return Array.isArray(of) ? left.map(([, value]) => value) : Object.fromEntries(left);
}

/** Records what the schema reads of every answer to a read. `alter` changes answers instead, from then on. */
export function recordReads() {
  const recordings = new Map<string, Recording>();
  let question = 0;
  let alteration: Alteration | undefined;

  function onAnswer<T>({ id, method }: Operation, body: T): T {
    if (!isObject(body) || method !== 'GET') return body;
    if (alteration) return alteration.operation === id ? (altered(body, alteration) as T) : body; // but for one property
    const recording = recordings.get(id) ?? { answered: new Map(), read: new Set(), copied: new Map() };
    recordings.set(id, recording);
    for (const path of leaves(body)) recording.answered.set(path, question);
    const { read, copied } = recording;
    return watched(body, { read: (path) => read.add(path), copied: (path) => copied.set(path, question) });
  }

  return {
    onAnswer,
    recordings,
    /** Numbers what is asked from now on. */
    ask: (number: number) => {
      question = number;
    },
    alter: (change: Alteration) => {
      alteration = change;
    },
  };
}
