/** How a percentage is brought to two decimals: the option `voltage-percentages`. */
export type Percentages = 'truncated' | 'rounded'

/** A percentage as it is published. What binary fractions lost is not cut: 25 % stays 25. */
export const publishedPct = (pct: number, percentages: Percentages): number =>
  percentages === 'rounded' ? Number((pct + 1e-9).toFixed(2)) : Math.trunc((pct + 1e-9) * 100) / 100
