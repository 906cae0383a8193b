/** The sandbox's time. Tests move it; what is due by then happens in order. */
export interface Clock {
  now(): number;
  advance(ms: number): void;
  /** Runs `work` once the clock has reached `time`. */
  at(time: number, work: () => void): void;
}

export function createClock(read: () => number = Date.now): Clock {
  let offset = 0;
  const due: { time: number; work: () => void }[] = [];
  /** One by one, because what is due may make more due. */
  const runDue = (now: number) => {
    for (let next = earliest(); next && next.time <= now; next = earliest()) {
      due.splice(due.indexOf(next), 1);
      next.work();
    }
  };
  const earliest = () => due.toSorted((a, b) => a.time - b.time)[0];
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
