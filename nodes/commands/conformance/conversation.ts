import { randomUUID } from 'node:crypto'
import { Ajv } from 'ajv'
import { fieldContract } from '../../../platform/wire/contract.ts'
import type { CommandAck, CommandMessage, CommandType } from '../../../platform/wire/command.ts'
import type { Hearing, Said } from './hearing.ts'

/** How a device is spoken to. */
export interface Line {
  readonly hearing: Hearing
  /** Publishes on the topic of commands, or on that of the setpoint, which is retained. */
  publish(kind: 'command' | 'control', payload: string): Promise<void>
}

export interface ConversationOptions {
  readonly deviceId: string
  readonly line: Line
  /** By our clock, UTC milliseconds. */
  readonly now: () => number
  /** The next control number of the device: greater than all that it has seen. */
  readonly nextControlNumber: () => Promise<number>
  /** Commands that can be told again and again: taken in turn, as open and close. */
  readonly commands: readonly Pick<CommandMessage, 'type' | 'args'>[]
  /** So long an answer is waited for, ms. */
  readonly withinMs: number
  /** So long what is reported now and then is waited for, ms. */
  readonly reportWithinMs: number
  /** A setpoint that expires while it is looked at lasts so long, ms. */
  readonly expiresAfterMs: number
  /** Signs for the device, once it is known to want that. */
  readonly sign?: (message: Omit<CommandMessage, 'signature'>) => CommandMessage
}

/** What was said about a command. */
export interface Answers {
  readonly acks: readonly CommandAck[]
  /** The last word; undefined: none came in time. */
  readonly final: CommandAck | undefined
  /** What is not as the contract has it, of any of the answers. */
  readonly faults: readonly string[]
}

const isAck = new Ajv().compile<CommandAck>(fieldContract.ack.schema)
const validFor = 60_000

/** The controller's part in a talk with one device. */
export class Conversation {
  readonly options: ConversationOptions
  readonly #done = new Set<string>()
  #turn = 0
  /** The turn at which it stands as it was found. */
  #asFound = 0
  /** It obeys only what is signed. */
  isSigned = false

  constructor(options: ConversationOptions) {
    this.options = options
  }

  get hearing(): Hearing {
    return this.options.line.hearing
  }

  /** A command that was never told before. */
  async fresh(more: Partial<CommandMessage> = {}): Promise<CommandMessage> {
    const { commands, now, nextControlNumber } = this.options
    const { type, args } = commands[this.#turn % commands.length]!
    return {
      ...{ command_id: randomUUID(), control_number: await nextControlNumber(), phase: 'operate', type, args },
      expires_at: new Date(now() + validFor).toISOString(),
      ...more,
    }
  }

  /** A type that this kind of device has nothing to do with. */
  foreignType(): CommandType {
    return this.options.commands.some(({ type }) => type === 'connect' || type === 'disconnect') ? 'open' : 'connect'
  }

  /** The command of those told in turn that it stands as; undefined: it was told none that it did. */
  get standsAs(): CommandType | undefined {
    const { commands } = this.options
    return this.#turn === 0 ? undefined : commands[(this.#turn - 1) % commands.length]!.type
  }

  /** It stands as the command that was told first wants it: what comes in turn after that brings it back there. */
  turn(): void {
    this.#turn += 1
    this.#asFound = this.#turn
  }

  /** Tells a command, and waits for the last word on it. */
  async tell(message: CommandMessage): Promise<Answers> {
    const { line, sign, withinMs } = this.options
    const mark = this.hearing.mark
    await line.publish('command', JSON.stringify(this.isSigned && sign ? sign(message) : message))
    const answers = await this.#answers(mark, message, withinMs)
    this.#takeTurn(message, answers)
    return answers
  }

  /** Whoever has opened is told to close next: what is refused or answered from the ledger changes nothing. */
  #takeTurn({ command_id, type, phase }: CommandMessage, { acks, final }: Answers): void {
    if (final?.status !== 'executed' || phase === 'query') return
    const isAgain = this.#done.has(command_id) && !acks.some(({ status }) => status === 'accepted')
    this.#done.add(command_id)
    const index = this.options.commands.findIndex((one) => one.type === type)
    if (!isAgain && index >= 0) this.#turn = index + 1
  }

  /** Leaves the device as it was found: whoever was opened is closed. @returns whether it is */
  async giveBack(): Promise<boolean> {
    const { length } = this.options.commands
    const isBack = (): boolean => (this.#turn - this.#asFound) % length === 0
    for (let moves = 0; moves < length && !isBack(); moves++) await this.tell(await this.fresh())
    return isBack()
  }

  /** Tells something that is no command. */
  async tellRaw(payload: string): Promise<void> {
    await this.options.line.publish('command', payload)
  }

  async #answers(mark: number, { command_id }: CommandMessage, withinMs: number): Promise<Answers> {
    const about = (said: Said): CommandAck | undefined => {
      const ack = said.kind === 'ack' ? ackOf(said) : undefined
      return ack?.command_id === command_id ? ack : undefined
    }
    const last = (said: Said): CommandAck | undefined => {
      const ack = about(said)
      return ack?.status === 'accepted' ? undefined : ack
    }
    const final = await this.hearing.first(mark, last, withinMs)
    const said = this.hearing.since(mark).filter((one) => about(one) !== undefined)
    const faults = said.flatMap((one) => faultsOf(one, this.options))
    return { acks: said.map((one) => about(one)!), final, faults: [...new Set(faults)] }
  }
}

function ackOf({ payload }: Said): CommandAck | undefined {
  try {
    const body = JSON.parse(payload) as unknown
    return typeof body === 'object' && body !== null && 'command_id' in body ? (body as CommandAck) : undefined
  } catch {
    return undefined
  }
}

/** What is wrong with the form of an answer. */
function faultsOf(said: Said, { deviceId }: ConversationOptions): string[] {
  const body = JSON.parse(said.payload) as CommandAck
  const faults: string[] = []
  if (!isAck(body)) {
    const error = isAck.errors?.[0]
    faults.push(`${error?.instancePath.slice(1) || 'the answer'} ${error?.message ?? 'is not valid'}`)
  }
  if (body.device_id !== undefined && body.device_id !== deviceId)
    faults.push(`device_id is ${JSON.stringify(body.device_id)}`)
  if (said.qos === 0) faults.push('it is sent with QoS 0')
  if (said.retained) faults.push('it is retained')
  return faults
}
