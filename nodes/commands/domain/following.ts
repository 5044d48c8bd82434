/**
 * So far from the power that was set a device still follows it, kW: of meters and of power electronics nothing finer is to be expected.
 * @param kw  its rating; where nobody knows that, what was set
 */
export const toleranceKw = (kw: number): number => Math.max(leastKw, share * Math.abs(kw))

const share = 0.05
const leastKw = 0.1
