/** How well setpoints were followed over the last minutes, on a feeder and all below it. Power in kW, consumption positive. */
export interface TrackedFeeder {
  readonly feederId: string
  /** With a setpoint in that time. */
  readonly devices: number
  /** Measured less setpoint; null: nothing was measured. */
  readonly meanErrorKw: number | null
  readonly rmsErrorKw: number | null
  readonly beyondKw: number | null
  /** What was used of what was given. */
  readonly utilisation: number | null
  readonly jainIndex: number | null
  readonly switchesPerHour: number
}

/** Of all devices together, and of each feeder. */
export interface TrackingNow {
  readonly devices: number
  readonly byFeeder: readonly TrackedFeeder[]
}

const sources = new Set<() => TrackingNow | undefined>()

/** Whoever looks how setpoints are followed tells what it found last; undefined: nothing yet. @returns takes the word back */
export function provideTracking(source: () => TrackingNow | undefined): () => void {
  sources.add(source)
  return () => sources.delete(source)
}

/** Undefined where nobody knows. Of several who look at the same database the last one counts. */
export const trackingNow = (): TrackingNow | undefined => [...sources].at(-1)?.()
