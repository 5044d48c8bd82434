import type { InterruptionFacts } from './interruption.ts'
import type { OutageCase } from './outage-course.ts'
import { parcelOf, type OnBoth } from './parcels.ts'

/** As what an outage counts by what is decided so far; `uncounted`: its time costs nothing, whoever caused it. */
export type Standing = OutageCase | 'uncounted'

const byParcel = {
  ...{ IP: 'ordinary', IND: 'ordinary', INC: 'criticalDay', IPC: 'criticalDay', INE: 'emergency' },
  ...{ INO: 'uncounted', XN: 'uncounted', XP: 'uncounted', XNC: 'uncounted', XPC: 'uncounted' },
} as const satisfies Record<string, Standing>

/** @param onCriticalDay  whether the day of its beginning has been decided to be critical */
export function standingOf(
  interruption: InterruptionFacts,
  unitId: string,
  onCriticalDay: boolean,
  onBoth: OnBoth = 'emergency',
): Standing {
  const parcel = parcelOf(interruption, unitId, onCriticalDay, onBoth)
  return parcel === null ? 'uncounted' : byParcel[parcel]
}
