/** The sandbox's time. Tests move it; what is due by then happens in order. */
export interface Clock {
  now(): number;
  advance(ms: number): void;
  /** Runs `work` once the clock has reached `time`. */
  at(time: number, work: () => void): void;
}

export function createClock(read: () => number = Date.now): Clock {
  let offset = 0;
  let due: { time: number; work: () => void }[] = [];
  const runDue = (now: number) => {
    const ready = due.filter(({ time }) => time <= now).sort((a, b) => a.time - b.time);
    due = due.filter(({ time }) => time > now);
    for (const { work } of ready) work();
  };
  const now = () => {
    const time = read() + offset;
    if (due.length) runDue(time);
    return time;
  };
  return {
    now,
    advance: (ms) => {
      offset += ms;
      now();
    },
    at: (time, work) => void due.push({ time, work }),
  };
}
