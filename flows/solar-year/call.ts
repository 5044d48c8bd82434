import type { AnomalyChange, AnomalyKind } from '../../nodes/solar/domain/detectors/anomaly.ts'

/** What the detectors said of one panel: an anomaly, from when it was found until it was over. */
export interface Call {
  readonly panelId: string
  readonly kind: AnomalyKind
  /** As the anomaly has it, UTC milliseconds. */
  readonly since: number
  /** When anybody could know, UTC milliseconds: the end of the slot that showed it. */
  readonly foundAt: number
  /** Infinity: it lasts. */
  readonly endedAt: number
}

type Anomaly = AnomalyChange['anomaly']

/** Follows anomalies from their beginning to their end. */
export class CallBook {
  readonly #slotMs: number
  readonly #open = new Map<string, Omit<Call, 'panelId' | 'endedAt'> & { panelIds: readonly string[] }>()
  readonly #closed: Call[] = []

  /** @param slotMs  what is found in a slot is known at its end */
  constructor(slotMs: number) {
    this.#slotMs = slotMs
  }

  /** @throws Error where an anomaly begins twice, or ends without having begun */
  take({ change, at, anomaly }: AnomalyChange): void {
    const key = `${anomaly.panelId ?? anomaly.siteId} ${anomaly.kind} since ${anomaly.since}`
    const open = this.#open.get(key)
    if (change === 'begun') {
      if (open) throw new Error(`${key} begins at ${at} while it lasts`)
      const { kind, since, panelIds } = anomaly
      this.#open.set(key, { kind, since, panelIds, foundAt: at + this.#slotMs })
      return
    }
    if (!open) throw new Error(`${key} is ${change} at ${at} and had not begun`)
    const panelIds = joined(open.panelIds, anomaly)
    if (change === 'updated') return void this.#open.set(key, { ...open, panelIds })
    this.#open.delete(key)
    this.#closed.push(...callsOf({ ...open, panelIds }, at + this.#slotMs))
  }

  /** All so far, with those that last. */
  calls(): Call[] {
    const lasting = [...this.#open.values()].flatMap((open) => callsOf(open, Infinity))
    return [...this.#closed, ...lasting].sort((one, other) => one.foundAt - other.foundAt)
  }
}

const joined = (known: readonly string[], { panelIds }: Anomaly): string[] => [...new Set([...known, ...panelIds])]

const callsOf = (
  { panelIds, ...said }: Omit<Call, 'panelId' | 'endedAt'> & { panelIds: readonly string[] },
  endedAt: number,
): Call[] => panelIds.map((panelId) => ({ panelId, ...said, endedAt }))
