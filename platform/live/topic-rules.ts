import type { Right } from '../access/roles.ts'
import type { LiveCommand } from '../wire/live-command.ts'
import type { LiveControl } from '../wire/live-control.ts'
import type { LiveDevice, LiveInterruption, LiveTopic } from '../wire/live.ts'
import { withoutCar, withoutConsumption } from '../wire/unit-privacy.ts'

interface TopicRule {
  /** What a client must be allowed to see the topic at all. */
  readonly right: Right
  /** A value for those who may not see what is personal; without it all see the same. */
  readonly withoutPersonal?: (value: never) => object
}

/** A unit's meter without what the unit consumes, a charge point without its car, which is personal data; any other device as it is. */
export function withoutUse(device: LiveDevice): LiveDevice {
  if (!device.ofUnit) {
    const values = withoutCar(device.values)
    return values === device.values ? device : { ...device, values }
  }
  return { ...device, powerKw: null, values: withoutConsumption(device.values) }
}

/** An interruption without who is out in it whose life depends on supply: a handful of units, and neighbours know them. */
export function withoutServices(interruption: LiveInterruption): LiveInterruption {
  const { outlook } = interruption
  return outlook ? { ...interruption, outlook: { ...outlook, tier: null, services: null } } : interruption
}

/** A command to a unit's meter without why, which may be what the unit owes. */
export const withoutReason = (command: LiveCommand): LiveCommand =>
  command.ofUnit ? { ...command, args: {}, reason: null, stateReason: null } : command

/** What a unit's meter is told, without how much: that says what the unit uses. */
export const withoutControl = (control: LiveControl): LiveControl =>
  control.ofUnit ? { ...control, setpointKw: null, expiresAt: null, share: null } : control

export const topicRules: Readonly<Record<LiveTopic, TopicRule>> = {
  devices: { right: 'read', withoutPersonal: withoutUse },
  feeders: { right: 'read' },
  // Voltage is the network's, and says nothing of what a unit uses.
  voltage: { right: 'read' },
  interruptions: { right: 'read', withoutPersonal: withoutServices },
  continuity: { right: 'read' },
  alarms: { right: 'read' },
  commands: { right: 'read', withoutPersonal: withoutReason },
  control: { right: 'read', withoutPersonal: withoutControl },
  solar: { right: 'read' },
}
