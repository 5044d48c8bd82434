/**
 * Calls `onTick` at `start` and then at every interval, with the planned instant rather than the actual one, so that
 * readings lie on a clean grid. Intervals slept through are left out, not made up for.
 * @param start       UTC milliseconds
 * @param intervalMs  ms
 * @param now         the clock
 * @returns stops it
 */
export function everyInterval(
  start: number,
  intervalMs: number,
  now: () => number,
  onTick: (at: number) => void,
): () => void {
  let last = -1
  let timer = setTimeout(tick, Math.max(0, start - now()))

  function tick(): void {
    const passed = Math.floor((now() - start) / intervalMs)
    // a timer may fire a little early, and a clock may be set back
    if (passed > last) {
      last = passed
      onTick(start + passed * intervalMs)
    }
    const next = start + (last + 1) * intervalMs
    timer = setTimeout(tick, Math.min(Math.max(1, next - now()), intervalMs))
  }

  return () => clearTimeout(timer)
}
