export interface Sample {
  /** Monotonic, ms. */
  at: number
  readingsPerSecond: number
  /** Total since the server's start. */
  quarantined: number
}

export const historyMs = 5 * 60_000
const gapMs = 4000

/** The last five minutes as this browser saw them. */
export class RateHistory {
  #samples: Sample[] = []

  get samples(): readonly Sample[] {
    return this.#samples
  }

  add(sample: Sample): void {
    this.#samples = [...this.#samples.filter(({ at }) => at >= sample.at - historyMs), sample]
  }

  /** How many were quarantined in the `withinMs` before `now`, as far as this page has seen; a restart counts from zero. */
  quarantinedWithin(withinMs: number, now: number): number {
    let grown = 0
    for (const [index, sample] of this.#samples.entries()) {
      const before = this.#samples[index - 1]
      if (before && sample.at >= now - withinMs) grown += Math.max(0, sample.quarantined - before.quarantined)
    }
    return grown
  }
}

export interface Trace {
  /** SVG paths, a unit per pixel of the box given. */
  line: string
  area: string
  peak: number
  lowest: number
}

/**
 * Draws the history into a box: now at the right edge, five minutes ago at the left, zero at the bottom. Where no
 * data came the line is broken, not bridged.
 */
export function traceOf(samples: readonly Sample[], now: number, width: number, height: number): Trace {
  const seen = samples.filter(({ at }) => at >= now - historyMs)
  const rates = seen.map(({ readingsPerSecond }) => readingsPerSecond)
  const peak = Math.max(0, ...rates)
  const top = peak > 0 ? peak * 1.15 : 1
  const x = (at: number): string => (width - ((now - at) / historyMs) * width).toFixed(1)
  const y = (rate: number): string => (height - (rate / top) * height).toFixed(1)

  const lines: string[] = []
  const areas: string[] = []
  for (const run of runsOf(seen)) {
    const points = run.map((sample) => `${x(sample.at)} ${y(sample.readingsPerSecond)}`).join('L')
    lines.push(`M${points}`)
    areas.push(`M${x(run[0]!.at)} ${height}L${points}L${x(run.at(-1)!.at)} ${height}Z`)
  }
  return { line: lines.join(''), area: areas.join(''), peak, lowest: rates.length > 0 ? Math.min(...rates) : 0 }
}

function runsOf(samples: readonly Sample[]): Sample[][] {
  const runs: Sample[][] = []
  for (const sample of samples) {
    const run = runs.at(-1)
    if (run && sample.at - run.at(-1)!.at <= gapMs) run.push(sample)
    else runs.push([sample])
  }
  return runs
}
