import { drawOf } from '../../simulator/draw.ts'
import type { FieldEvent } from '../../platform/wire/reading.ts'
import { allPhases, phaseText, type Network } from './network.fixture.ts'
import type { DrawnMonth } from './truth.fixture.ts'

const dayMs = 86_400_000

/** What devices tell of what happened: switches exactly, meters some seconds early or late. No order. */
export function eventsOf(seed: number, network: Network, drawn: DrawnMonth): FieldEvent[] {
  const draw = drawOf(seed, 'events')
  const events: FieldEvent[] = []
  const tell = (deviceId: string, at: number, type: FieldEvent['type'], phases?: string): void => {
    const late = draw.uniform() < 0.1
    const receivedAt = at + (late ? Math.round(5 * dayMs * draw.uniform()) : 3_000)
    events.push({
      ...{ deviceId, eventId: `e-${events.length}`, type, at, receivedAt, quality: late ? 'late' : 'good' },
      ...(phases !== undefined && { phases }),
    })
  }
  const stands = new Map<string, number>()
  for (const { element, at, phases } of drawn.operations.toSorted((one, other) => one.at - other.at)) {
    const before = stands.get(element) ?? (element.endsWith('-tie') ? 0 : allPhases)
    stands.set(element, phases)
    const [opened, closed] = [before & ~phases, phases & ~before]
    if (opened) tell(element, at, 'switch_opened', opened === allPhases ? undefined : phaseText(opened))
    if (closed) tell(element, at, 'switch_closed', closed === allPhases ? undefined : phaseText(closed))
  }
  const turned = new Set(drawn.operations.map(({ at }) => at))
  for (const unit of network.units) {
    if (!unit.tells) continue
    let before = unit.phases
    for (const { at, live } of drawn.courses.get(unit.id)!.slice(1)) {
      const when = turned.has(at) ? at + Math.round((draw.uniform() - 0.5) * 8_000) : at
      const say = (type: FieldEvent['type'], mask: number): void =>
        tell(`m-${unit.id}`, when, type, mask === unit.phases ? undefined : phaseText(mask))
      if (before & ~live) say('power_lost', before & ~live)
      if (live & ~before) say('power_restored', live & ~before)
      before = live
    }
  }
  return events
}

/** What comes in: with doubles, and with what has no time of its own or is known to be wrong. */
export function withNoise(seed: number, network: Network, events: readonly FieldEvent[]): FieldEvent[] {
  const draw = drawOf(seed, 'noise')
  const doubles = events.filter(() => draw.uniform() < 0.08)
  // Told again under another number.
  const again = events
    .filter(() => draw.uniform() < 0.01)
    .map((event) => ({ ...event, eventId: `${event.eventId}-again` }))
  const wrong = network.units
    .filter(({ tells }) => tells && draw.uniform() < 0.1)
    .map(({ id }, place): FieldEvent => {
      const at = Math.round(events[0]!.at + 20 * dayMs * draw.uniform())
      const quality = draw.uniform() < 0.5 ? 'server-time' : 'invalid'
      return { deviceId: `m-${id}`, eventId: `w-${place}`, type: 'power_lost', at, receivedAt: at, quality }
    })
  return [...events, ...doubles, ...again, ...wrong]
}

export function shuffled<T>(seed: number, all: readonly T[]): T[] {
  const draw = drawOf(seed, 'order')
  const order = [...all]
  for (let place = order.length - 1; place > 0; place--) {
    const other = Math.floor(draw.uniform() * (place + 1))
    ;[order[place], order[other]] = [order[other]!, order[place]!]
  }
  return order
}
