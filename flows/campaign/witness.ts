import type { CommandMessage } from '../../platform/wire/command.ts'
import { drawOf } from '../../simulator/draw.ts'
import { type Edge, isAt } from './edges.ts'
import type { Sent } from './history.ts'
import type { Moment, Passing } from './line.ts'
import { type Fate, fateOf, type Misbehaviour } from './misbehaviour.ts'
import type { Treatment } from './stage.ts'

/** Stands on the line: does to messages what was drawn, writes down what it saw, and says when an edge is met. */
export class Witness implements Treatment {
  readonly sent: Sent[] = []
  /** Ids of commands that were brought late or twice. */
  readonly disturbed = new Set<string>()
  readonly fates = new Map<Fate['kind'], number>()
  readonly #misbehaviour: Misbehaviour
  readonly #draw
  readonly #devices: ReadonlySet<string>
  #awaited: { readonly edge: Edge; readonly met: () => void } | undefined

  /** @param devices  those of this campaign; others are left alone */
  constructor(seed: number, misbehaviour: Misbehaviour, devices: ReadonlySet<string>) {
    this.#misbehaviour = misbehaviour
    this.#draw = drawOf(seed, 'line')
    this.#devices = devices
  }

  /** Calls `met` at the next time that the edge is met, right then: nothing passes before it returns. */
  await(edge: Edge, met: () => void): void {
    this.#awaited = { edge, met }
  }

  forget(): void {
    this.#awaited = undefined
  }

  readonly fate = (message: Passing): Fate => {
    if (!this.#devices.has(message.deviceId)) return { kind: 'passed' }
    const fate = fateOf(this.#misbehaviour, this.#draw)
    this.fates.set(fate.kind, (this.fates.get(fate.kind) ?? 0) + 1)
    if (message.kind === 'command' && (fate.kind === 'delayed' || fate.kind === 'duplicated'))
      this.disturbed.add(commandOf(message).command_id)
    return fate
  }

  readonly watch = (moment: Moment, message: Passing): 'cut' | undefined => {
    const { kind, deviceId, retained } = message
    if (!this.#devices.has(deviceId)) return undefined
    const command = kind === 'command' ? commandOf(message) : undefined
    if (command && moment === 'arrives') this.sent.push({ message: command, deviceId, at: Date.now(), retained })
    const awaited = this.#awaited
    if (!awaited || !isAt(awaited.edge, moment, kind, command?.phase)) return undefined
    this.#awaited = undefined
    awaited.met()
    // What has passed has passed; what has not will not.
    return moment === 'arrives' || moment === 'confirmed' ? 'cut' : undefined
  }
}

const commandOf = ({ payload }: Passing): CommandMessage => JSON.parse(payload.toString()) as CommandMessage
