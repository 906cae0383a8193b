import type { ServerResponse } from 'node:http';

/** A way for the next answer to go wrong. Where it matters, `effect` says whether the handler has run by then. */
export type Fault =
  | { kind: 'LATENCY'; ms: number }
  | { kind: 'HANG' }
  | { kind: 'RESET'; effect: boolean }
  | { kind: 'HALF' }
  | { kind: 'STATUS'; status: number; effect: boolean; headers?: Record<string, string>; body?: object }
  | { kind: 'TEXT'; text: string; mediaType: string }
  | { kind: 'REWRITE'; rewrite: (body: never) => unknown };

interface Planned {
  operation?: string;
  times: number;
  fault: Fault;
}

export interface Faults {
  /** Plans a fault for the next calls of one operation, or of any. */
  plan(fault: Fault, to?: { operation?: string; times?: number }): void;
  take(operation: string): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let planned: Planned[] = [];
  return {
    plan: (fault, { operation, times = 1 } = {}) => void planned.push({ operation, times, fault }),
    take: (operation) => {
      const next = planned.find((one) => one.times > 0 && (!one.operation || one.operation === operation));
      if (next) next.times -= 1;
      return next?.fault;
    },
    clear: () => {
      planned = [];
    },
  };
}

/** Plays a fault on the wire in place of the answer; false when the answer goes out after all. */
export function play(fault: Fault | undefined, res: ServerResponse, text: string): boolean {
  switch (fault?.kind) {
    case 'HANG':
      return true;
    case 'RESET':
      res.socket?.resetAndDestroy();
      return true;
    case 'HALF':
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) });
      res.write(text.slice(0, Math.floor(text.length / 2)));
      res.socket?.end();
      return true;
    case 'STATUS':
      res.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      res.end(fault.body && JSON.stringify(fault.body));
      return true;
    case 'TEXT':
      res.writeHead(200, { 'content-type': fault.mediaType });
      res.end(fault.text);
      return true;
    default:
      return false;
  }
}
