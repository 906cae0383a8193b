import { createServer, type Socket } from 'node:net';
import { startSandbox } from '../src/sandbox/index.js';

/** Where the bench reads and sets the upstream itself; such requests are not counted. */
const CONTROL = '/bench/';

/** Weavr as bytes: what the sandbox answers once to a GET is served from memory ever after, whoever asks. */
async function main(port: number) {
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

  /** `calls` answers the requests since it was last asked; `latency?50` makes every answer wait so many milliseconds. */
  function control(command: string) {
    const [name, value] = command.split('?');
    if (name === 'latency') latencyMs = Number(value);
    const counted = requests;
    requests = 0;
    return httpAnswer(200, String(counted));
  }

  async function answer(path: string, socket: Socket) {
    if (path.startsWith(CONTROL)) return socket.write(control(path.slice(CONTROL.length)));
    requests++;
    const bytes = known.get(path) ?? (await ask(path));
    if (latencyMs) setTimeout(() => socket.write(bytes), latencyMs);
    else socket.write(bytes);
  }

  createServer({ noDelay: true }, (socket) => {
    onRequests(socket, (path) => answer(path, socket));
    socket.on('error', () => socket.destroy());
  }).listen(port, '127.0.0.1');
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

await main(Number(process.argv[2]));
