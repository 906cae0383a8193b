const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** When leaving is cut short; it should have ended by then. */
const LONGEST_MS = 9_800;

/** The first signal lets everything that has begun be answered; a second one forces. */
export function onSignal(leave: () => Promise<unknown>, kill: () => void) {
  const force = () => {
    kill();
    process.exit(1);
  };
  const first = async () => {
    for (const signal of SIGNALS) process.off(signal, first).on(signal, force);
    setTimeout(force, LONGEST_MS).unref();
    await leave();
    process.exit(0);
  };
  for (const signal of SIGNALS) process.on(signal, first);
}
