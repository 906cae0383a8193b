import CircuitBreaker from 'opossum';
import { NoAnswer, type RestRequest, type Transport } from './transport.js';

export interface BreakerTerms {
  /** How many calls of the last `windowMs` milliseconds it takes to judge Weavr. */
  calls: number;
  windowMs: number;
  /** Milliseconds for which nothing is sent; then one call is a probe for all. */
  restMs: number;
}

const TERMS: BreakerTerms = { calls: 20, windowMs: 10_000, restMs: 5_000 };

/** Half of the calls, or more: the library opens above its threshold, in per cent. */
const THRESHOLD = 49.99;

type Kind = RestRequest['deadline'];
export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

/** A transport that sends nothing for a while once Weavr fails every other call: reads, writes and files each apart. */
export interface Breaker extends Transport {
  state(): Record<Kind, CircuitState>;
}

/** An answer that counts as a failure, on its way through the library. */
class ServerError extends Error {
  constructor(readonly answer: { status: number }) {
    super();
  }
}

const isFailure = (error: unknown) =>
  error instanceof ServerError ||
  (error instanceof NoAnswer && error.reason !== 'ABORTED' && error.reason !== 'TOO_LARGE');

export function createBreaker(transport: Transport, terms: Partial<BreakerTerms> = {}): Breaker {
  const all = { ...TERMS, ...terms };
  const circuits = { read: createCircuit(all), write: createCircuit(all), file: createCircuit(all) };
  return {
    ...transport,
    send: (request) => circuits[request.deadline].run(() => transport.send(request)),
    stream: (request) => circuits[request.deadline].run(() => transport.stream(request)),
    state: () => ({ read: circuits.read.state(), write: circuits.write.state(), file: circuits.file.state() }),
    close: () => {
      for (const circuit of Object.values(circuits)) circuit.stop();
      return transport.close();
    },
  };
}

function createCircuit({ calls, windowMs, restMs }: BreakerTerms) {
  let closedUntil = 0;
  const circuit: CircuitBreaker<[() => Promise<unknown>]> = new CircuitBreaker((run) => run(), {
    timeout: false,
    errorThresholdPercentage: THRESHOLD,
    volumeThreshold: calls,
    rollingCountTimeout: windowMs,
    resetTimeout: restMs,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    // A probe that shows nothing must not let the others through.
    errorFilter: (error) => !circuit.halfOpen && !isFailure(error),
  });
  circuit.on('open', () => {
    closedUntil = performance.now() + restMs;
  });

  async function run<T extends { status: number }>(send: () => Promise<T>): Promise<T> {
    // Not left to the library, which would count what it refuses among the calls.
    if (circuit.isShutdown || circuit.opened || (circuit.halfOpen && !circuit.pendingClose)) throw refusal();
    const judged = async () => {
      const answer = await send();
      if (answer.status >= 500) throw new ServerError(answer);
      return answer;
    };
    return circuit.fire(judged).catch((error: unknown) => {
      if (error instanceof ServerError) return error.answer;
      throw error;
    }) as Promise<T>; // what `send` answers, either way
  }

  function refusal() {
    const seconds = Math.max(1, Math.ceil((closedUntil - performance.now()) / 1_000));
    return new NoAnswer(false, 'CIRCUIT_OPEN', undefined, seconds);
  }

  const state = (): CircuitState => (circuit.opened ? 'OPEN' : circuit.halfOpen ? 'HALF_OPEN' : 'CLOSED');
  return { run, state, stop: () => circuit.shutdown() };
}
