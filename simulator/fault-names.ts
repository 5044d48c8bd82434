/**
 * What can go wrong with what devices send. Of messages: `malformed` to `mislabelled`; of devices, for as long as it
 * lasts: `clock_ahead` to `silent`.
 */
export const messageFaults = [
  'malformed',
  'out_of_range',
  'missing_field',
  'mislabelled',
  'duplicate',
  'conflicting',
  'late',
] as const
export const deviceFaults = ['clock_ahead', 'clock_behind', 'silent'] as const
export const faultNames = [...messageFaults, ...deviceFaults] as const

export type FaultName = (typeof faultNames)[number]

/** Shares of messages, and of devices, 0 to 1. */
export type FaultShares = Readonly<Partial<Record<FaultName, number>>>
