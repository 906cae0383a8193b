import { createPermits, type FullWindow, type PermitOptions, type Permits } from './permits.js';
import { policyOf, type Windows, waitOf } from './rate-windows.js';
import {
  type Deadlines,
  deadlinesOf,
  NoPermit,
  type RestAnswer,
  type RestRequest,
  type Transport,
} from './transport.js';

export interface GovernorOptions extends PermitOptions {
  /** Weavr's rate limit; nothing is held back without it. */
  windows?: Windows;
  deadlines?: Partial<Deadlines>;
}

export interface GovernedTransport extends Transport {
  /** How many calls the rate limit leaves, as far as this process knows; undefined without a limit. */
  remaining(): number | undefined;
}

/** A transport that keeps to Weavr's rate limit: a call waits for its turn, and fails at once if that is too far off. */
export function govern(transport: Transport, { windows, deadlines, ...options }: GovernorOptions): GovernedTransport {
  if (!windows) return { ...transport, remaining: () => undefined };
  const limits = deadlinesOf(deadlines);
  const permits = createPermits(windows, options);
  const queue = createQueue(permits);

  async function inTurn<A extends Omit<RestAnswer, 'text'>>(
    request: RestRequest,
    send: (request: RestRequest) => Promise<A>,
  ) {
    const time = request.timeout ?? limits[request.deadline];
    // Half of the time is left for the answer: a write without one has an unknown outcome.
    const waited = await queue.turn(request, time / 2);
    const answer = await send({ ...request, timeout: time - waited });
    heed(answer);
    return answer;
  }

  /** Takes Weavr's word for its limit. */
  function heed({ status, headers }: Omit<RestAnswer, 'text'>) {
    const { inForce, full } = policyOf(headers);
    permits.learn(inForce);
    const seconds = status === 429 ? waitOf(headers) : undefined;
    if (seconds !== undefined) queue.shut(permits.fill(seconds, full));
  }

  return {
    ...transport,
    remaining: permits.remaining,
    send: (request) => inTurn(request, transport.send),
    stream: (request) => inTurn(request, transport.stream),
    close: () => {
      queue.close();
      return transport.close();
    },
  };
}

interface Waiter {
  urgent: boolean;
  /** When its patience ends. */
  until: number;
  go(): void;
  fail(wait: number): void;
}

/** Requests in the order of their coming, the urgent before the others. */
function createQueue({ take }: Permits) {
  let waiters: Waiter[] = [];
  let full: FullWindow & { until: number } = { limit: 1, wait: 0, period: 0, until: 0 };
  let opening: NodeJS.Timeout | undefined;
  let serving = false;

  /** Milliseconds until the turn of the one in this place, at best: others may count in the same windows. */
  const waitAt = (place: number) => {
    const wait = full.until - performance.now();
    return wait > 0 ? wait + Math.floor(place / full.limit) * full.period : 0;
  };

  function shut(window: FullWindow) {
    const until = performance.now() + window.wait;
    if (until > full.until) full = { ...window, until };
    void serve();
  }

  /** Whoever would wait in vain learns it at once. */
  function failHopeless() {
    const now = performance.now();
    const hopeful: Waiter[] = [];
    for (const waiter of waiters) {
      const wait = waitAt(hopeful.length);
      if (now + wait > waiter.until) waiter.fail(wait);
      else hopeful.push(waiter);
    }
    waiters = hopeful;
  }

  async function serve() {
    failHopeless();
    if (serving) return;
    serving = true;
    while (waiters.length > 0 && waitAt(0) === 0) {
      const window = await take();
      if (window) shut(window);
      else waiters.shift()?.go();
    }
    serving = false;
    clearTimeout(opening);
    if (waiters.length > 0) opening = setTimeout(serve, waitAt(0));
  }

  /** Answers the milliseconds that it took until a call was free; throws NoPermit if that is more than the patience. */
  function turn({ urgent = false, signal }: RestRequest, patience: number) {
    return new Promise<number>((resolve, reject) => {
      const since = performance.now();
      const settle = (finish: () => void) => {
        signal?.removeEventListener('abort', leave);
        finish();
      };
      const waiter: Waiter = {
        urgent,
        until: since + patience,
        go: () => settle(() => resolve(performance.now() - since)),
        fail: (wait) => settle(() => reject(new NoPermit(Math.max(1, Math.ceil(wait / 1_000))))),
      };
      const leave = () => {
        waiters = waiters.filter((one) => one !== waiter);
        waiter.fail(waitAt(0));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener('abort', leave);
      const place = urgent ? waiters.findIndex((one) => !one.urgent) : -1;
      waiters.splice(place < 0 ? waiters.length : place, 0, waiter);
      void serve();
    });
  }

  function close() {
    clearTimeout(opening);
    for (const waiter of waiters.splice(0)) waiter.fail(waitAt(0));
  }

  return { shut, turn, close };
}
