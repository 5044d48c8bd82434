export interface Ladder {
  /** Where the search begins, and what it never goes above; both in the unit of the rate. */
  readonly start: number
  readonly most: number
  /** The rate that is found and the next one that is not kept are at most this factor apart. */
  readonly within: number
}

/** A rate this many times below the start is given up. */
const leastShare = 1 / 64

/**
 * Looks for the highest rate that is kept: ever higher ones by half until one is not, then between the two. Takes a
 * dozen probes at most.
 * @param isKept  tries a rate; asked once for each
 * @returns the highest rate that was kept; undefined where none was, down to a sixty-fourth of the start
 */
export async function highestKept(
  { start, most, within }: Ladder,
  isKept: (rate: number) => Promise<boolean>,
): Promise<number | undefined> {
  let kept: number | undefined
  let failed = Infinity
  for (let rate = Math.min(start, most); rate >= start * leastShare;) {
    if (await isKept(rate)) kept = rate
    else failed = rate
    if (kept === most || failed / (kept ?? 0) <= within) return kept
    rate = nextRate(kept, failed, most)
  }
  return kept
}

function nextRate(kept: number | undefined, failed: number, most: number): number {
  if (kept === undefined) return failed / 2
  const next = failed === Infinity ? Math.min(most, kept * 1.5) : Math.sqrt(kept * failed)
  return rounded(next)
}

/** To two digits and a half: nobody reads more into a measured rate. */
function rounded(rate: number): number {
  const step = 10 ** Math.floor(Math.log10(rate) - 1) / 2
  return Math.round(rate / step) * step
}
