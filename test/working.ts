import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { onSignal } from '../src/signals.js';
import { asWorker, NotStarted, startWorkers } from '../src/workers.js';

/** Two small processes on one port, for tests of how processes live and die: run as `working.ts <how>`. */
const how = process.argv[2];

const answers = {
  double: (number: number) => 2 * number,
  refuse: () => {
    throw new Error('no');
  },
};

const print = (line: object) => console.log(JSON.stringify(line));

async function primary() {
  const { port, leave, kill, hopeless } = await startWorkers({
    count: 2,
    answers,
    logger: { info: print, warn: print },
  });
  onSignal(leave, kill);
  print({ port });
  hopeless.then(() => print({ hopeless: true }));
}

function worker() {
  const ask = asWorker<typeof answers>(() => (how === 'stay' ? print({ stays: true }) : process.exit(0)));
  const server = createServer(async (_req, res) => {
    const refused = await ask('refuse').catch(({ message }: Error) => message);
    res.setHeader('connection', 'close').end(`${process.pid} ${await ask('double', 21)} ${refused}`);
  });
  if (how === 'fail') process.exit(7);
  server.listen(0, '127.0.0.1');
  if (how === 'die') server.once('listening', () => setImmediate(() => process.exit(7)));
}

if (cluster.isWorker) worker();
else
  primary().catch((error) => {
    process.exit(error instanceof NotStarted ? error.exitCode : 99);
  });
