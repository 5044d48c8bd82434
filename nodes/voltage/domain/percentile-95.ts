/**
 * The value that only 5 % of the readings exceed (PRODIST Módulo 8, Seção 8.1): the smallest of them such that no more than
 * 5 % are greater. Of 1,008 readings 50 may be greater, so it is the 51st greatest; never one between two readings.
 * @param readings  valid ones, in any order
 * @returns undefined where there is none
 */
export function percentile95(readings: readonly number[]): number | undefined {
  const mayExceed = Math.floor(readings.length / 20)
  return readings.toSorted((one, other) => other - one)[mayExceed]
}
