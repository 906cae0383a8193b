import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gateway } from '../gateway.js';

/** Milliseconds that a client may take; who takes longer is answered 408 or cut off. */
export interface Patience {
  /** For the head of a request. */
  headersTimeout: number;
  /** For a whole request. */
  requestTimeout: number;
  /** How often those two are looked at. */
  connectionsCheckingInterval: number;
  /** Between two requests of a connection; longer than load balancers keep theirs, so that it is they who close. */
  keepAliveTimeout: number;
  /** Without reading a byte of an answer, or sending one. */
  timeout: number;
}

const PATIENCE: Patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  timeout: 120_000,
};

/** The gateway's HTTP server, which lets nobody keep a connection by being slow. */
export function createHttpServer(gateway: Gateway, patience: Partial<Patience> = {}): Server {
  const { timeout, ...rest } = { ...PATIENCE, ...patience };
  const server = createServer(rest, gateway.handler);
  server.timeout = timeout;
  return server;
}

/** Milliseconds from the beginning of a drain. */
export interface DrainTerms {
  /** Until when new connections are still taken, so that whoever asks `/ready` is told. */
  listening: number;
  /** Until when Weavr may answer. After it, whatever is still open is told so: its outcome is unknown. */
  calling: number;
  /** Until when clients may read their answers. */
  reading: number;
}

const DRAIN: DrainTerms = { listening: 5_000, calling: 7_000, reading: 9_000 };

/** Answers whatever has been started, and ends: half a request is nothing that has been started. */
export async function drain(server: Server, gateway: Gateway, terms: Partial<DrainTerms> = {}) {
  const { listening, calling, reading } = { ...DRAIN, ...terms };
  const idle = gateway.drain();
  const timers = [setTimeout(() => gateway.close(), calling), setTimeout(() => server.closeAllConnections(), reading)];
  await Promise.race([idle, delay(listening, undefined, { ref: false })]);
  server.close();
  server.closeIdleConnections();
  await idle;
  server.closeAllConnections();
  for (const timer of timers) clearTimeout(timer);
  await gateway.close();
}
