const firstMs = 500
const mostMs = 30_000

/**
 * How long to wait before trying again: anything between nothing and an upper bound that doubles with each attempt ("full
 * jitter"), so that clients that lost their server together do not come back together.
 * @param attempt  0 for the first
 * @param random   0 to 1
 */
export const backoffMs = (attempt: number, random: number): number =>
  random * Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20))
