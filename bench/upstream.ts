import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { startSandbox } from '../src/sandbox/index.js';

/** Weavr as bytes: what the sandbox answers once to a GET is served from memory ever after, whoever asks. */
export interface Upstream {
  origin: string;
  /** Requests since this was last asked. */
  takeCalls(): number;
  /** Every answer waits so many milliseconds from now on. */
  setLatency(ms: number): void;
  stop(): Promise<void>;
}

/** In the process of the load: one thread that has everything to do with the servers' work and nothing with their time. */
export async function startUpstream(): Promise<Upstream> {
  const sandbox = await startSandbox();
  const headers = { 'api-key': sandbox.apiKey, authorization: `Bearer ${sandbox.signIn('root@acme.example')}` };
  const known = new Map<string, Buffer>();
  let requests = 0;
  let latencyMs = 0;

  async function ask(path: string) {
    const response = await fetch(sandbox.url + path, { headers });
    const answer = httpAnswer(response.status, await response.text(), response.headers.get('request-ref') ?? '');
    known.set(path, answer);
    return answer;
  }

  async function answer(path: string, socket: Socket) {
    requests++;
    const bytes = known.get(path) ?? (await ask(path));
    if (latencyMs) setTimeout(() => socket.write(bytes), latencyMs);
    else socket.write(bytes);
  }

  const server = createServer({ noDelay: true }, (socket) => {
    onRequests(socket, (path) => answer(path, socket));
    socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    takeCalls() {
      const counted = requests;
      requests = 0;
      return counted;
    },
    setLatency(ms) {
      latencyMs = ms;
    },
    async stop() {
      server.close();
      await sandbox.close();
    },
  };
}

const httpAnswer = (status: number, body: string, requestRef = '') =>
  Buffer.from(
    `HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\nrequest-ref: ${requestRef}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );

/** The paths that a connection asks for. GETs have no body, so a blank line ends each. */
function onRequests(socket: Socket, asked: (path: string) => unknown) {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      asked(text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/1.1')));
      text = text.slice(end + 4);
    }
  });
}
