/** As much of an AbortSignal as a call needs. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Made for every request and aborted for hardly any: an AbortSignal takes longer to make than a hook of a query. */
export class LightSignal implements Signal {
  readonly #listeners = new Set<() => void>();
  aborted = false;

  addEventListener(_type: 'abort', listener: () => void) {
    this.#listeners.add(listener);
  }
  removeEventListener(_type: 'abort', listener: () => void) {
    this.#listeners.delete(listener);
  }
  abort() {
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The same for a library that takes nothing but the real one. */
export function abortSignalOf(signal: Signal): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', () => controller.abort());
  return controller.signal;
}
