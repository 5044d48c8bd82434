import type { Right } from '../access/roles.ts'
import type { LiveDevice, LiveInterruption, LiveTopic } from '../wire/live.ts'

interface TopicRule {
  /** What a client must be allowed to see the topic at all. */
  readonly right: Right
  /** A value for those who may not see what is personal; without it all see the same. */
  readonly withoutPersonal?: (value: never) => object
}

/** What tells how much a consumer unit uses. Voltage and frequency are the network's. */
const consumption: ReadonlySet<string> = new Set(['p_kw', 'q_kvar', 'ia_a', 'ib_a', 'ic_a'])

/** A unit's meter without what the unit consumes, which is personal data; any other device as it is. */
export function withoutConsumption(device: LiveDevice): LiveDevice {
  if (!device.ofUnit) return device
  const values = Object.fromEntries(Object.entries(device.values).filter(([name]) => !consumption.has(name)))
  return { ...device, powerKw: null, values }
}

/** An interruption without who is out in it whose life depends on supply: a handful of units, and neighbours know them. */
export function withoutServices(interruption: LiveInterruption): LiveInterruption {
  const { outlook } = interruption
  return outlook ? { ...interruption, outlook: { ...outlook, tier: null, services: null } } : interruption
}

export const topicRules: Readonly<Record<LiveTopic, TopicRule>> = {
  devices: { right: 'read', withoutPersonal: withoutConsumption },
  feeders: { right: 'read' },
  // Voltage is the network's, and says nothing of what a unit uses.
  voltage: { right: 'read' },
  interruptions: { right: 'read', withoutPersonal: withoutServices },
  continuity: { right: 'read' },
  alarms: { right: 'read' },
  commands: { right: 'read' },
}
