import type { IncomingMessage, ServerResponse } from 'node:http';
import { WIRE_FAULTS, type WireFault } from './wire-faults.js';

/**
 * A way for the next answer to go wrong. Where it can matter, `effect` says whether the handler has run by then; what
 * has no `effect` comes after it.
 */
export type Fault =
  | { kind: 'LATENCY'; ms: number }
  | { kind: 'STATUS'; status: number; effect: boolean; headers?: Record<string, string>; body?: object }
  | { kind: 'TEXT'; text: string | Buffer; mediaType: string; status?: number; headers?: Record<string, string> }
  | { kind: 'REWRITE'; rewrite: (body: never) => unknown }
  | { kind: WireFault; effect?: boolean };

/** One fault for every call that it is planned for, or a choice for each of them. */
export type FaultPlan = Fault | ((request: IncomingMessage, body: unknown) => Fault | undefined);

interface Planned {
  operation?: string;
  times: number;
  fault: FaultPlan;
}

export interface Faults {
  /** Plans a fault for the next calls of one operation, or of any. */
  plan(fault: FaultPlan, to?: { operation?: string; times?: number }): void;
  take(operation: string, request: IncomingMessage, body: unknown): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let planned: Planned[] = [];
  return {
    plan: (fault, { operation, times = 1 } = {}) => void planned.push({ operation, times, fault }),
    take: (operation, request, body) => {
      for (const one of planned) {
        if (one.times === 0 || (one.operation && one.operation !== operation)) continue;
        const fault = typeof one.fault === 'function' ? one.fault(request, body) : one.fault;
        if (!fault) continue;
        one.times -= 1;
        return fault;
      }
      return undefined;
    },
    clear: () => {
      planned = [];
    },
  };
}

/** Plays a fault on the wire in place of the answer; false when the answer goes out after all. */
export function play(fault: Fault | undefined, res: ServerResponse, text: string): boolean {
  if (!fault) return false;
  switch (fault.kind) {
    case 'LATENCY':
    case 'REWRITE':
      return false;
    case 'STATUS':
      res.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      res.end(fault.body && JSON.stringify(fault.body));
      return true;
    case 'TEXT':
      res.writeHead(fault.status ?? 200, { 'content-type': fault.mediaType, ...fault.headers });
      res.end(fault.text);
      return true;
    default:
      if (res.socket) WIRE_FAULTS[fault.kind](res.socket, text);
      return true;
  }
}
