/**
 * How a device takes commands: the reference to docs/device-protocol.md, and what the simulated devices go by. It decides, and
 * does nothing: whoever drives it keeps the memory before anything is done or said, acts where it is told to, and sends answers.
 */
import { Ajv } from 'ajv'
import { CommandMessage, type CommandAck, type CommandType } from './command.ts'
import { signedText } from './command-signature.ts'
import { parseInstant } from './instant.ts'

/** What a device can do with commands. */
export interface DeviceAbilities {
  readonly deviceId: string
  readonly types: readonly CommandType[]
  /** It remembers what became of each id. Without, it does again what comes again. */
  readonly ledger: boolean
  /** It refuses by its own clock what comes too late. */
  readonly expiry: boolean
  /** It can be armed. */
  readonly select: boolean
  /** Of these it does nothing that it was not armed for. */
  readonly selectBefore?: readonly CommandType[]
  /** Whether a signature is that of a text; without it, signatures are not looked at. */
  readonly isSigned?: (text: string, signature: string) => boolean
}

/** What is kept of a command: the answer to all that comes of its id from then on. */
export type LedgerEntry = Pick<CommandAck, 'control_number' | 'status' | 'reason' | 'add_cause'>

/** What a device remembers; with a ledger, over a restart too. */
export interface DeviceMemory {
  /** By id, the oldest first. What has been forgotten is refused by its control number. */
  readonly ledger: ReadonlyMap<string, LedgerEntry>
  /** The greatest control number that it has acted on, or said to be not done. */
  readonly newest: number
  readonly armed: { readonly text: string; readonly commandId: string; readonly until: number } | undefined
  /** The command that it is at. */
  readonly executing: CommandMessage | undefined
}

/** What a device does about a message. Instants are UTC milliseconds by its own clock. */
export interface Taken {
  readonly memory: DeviceMemory
  /** To be done now, and concluded then. */
  readonly act?: CommandMessage
  readonly answer?: CommandAck
}

/** How an act went. */
export type Outcome = Pick<CommandAck, 'reason' | 'add_cause'> & { readonly status: 'executed' | 'failed' | 'rejected' }

/** IEC 61850-7-2, AddCause. */
export const addCauses = {
  notSupported: 1,
  switchingHierarchy: 2,
  positionReached: 5,
  alreadyInExecution: 12,
  timeLimitOver: 16,
  notSelected: 18,
  noAuthority: 20,
  inconsistentParameters: 26,
  lockedByOther: 27,
} as const

export const emptyMemory: DeviceMemory = { ledger: new Map(), newest: 0, armed: undefined, executing: undefined }

/** So many commands are remembered. */
const ledgerLength = 200
/** A device stays armed so long, ms. */
const armedMs = 30_000

const isCommand = new Ajv().compile<CommandMessage>(CommandMessage)

/** Reads the payload of `grid/commands/<deviceId>`. Never throws. @returns or why it is none, in one line */
export function readCommand(payload: string): CommandMessage | { readonly problem: string } {
  let body: unknown
  try {
    body = JSON.parse(payload)
  } catch {
    return { problem: 'not JSON' }
  }
  if (isCommand(body)) return body
  const error = isCommand.errors?.[0]
  return { problem: `${error?.instancePath.slice(1) || 'payload'} ${error?.message ?? 'is not valid'}` }
}

/** What a device does about a command. */
export function takeCommand(
  memory: DeviceMemory,
  message: CommandMessage,
  abilities: DeviceAbilities,
  now: number,
): Taken {
  const { deviceId, isSigned, ledger } = abilities
  // Forged ones leave no trace: whoever has no key cannot make a device refuse what is to come.
  if (isSigned && !(message.signature !== undefined && isSigned(signedText(deviceId, message), message.signature)))
    return refused(memory, message, now, 'the signature is missing or wrong', addCauses.noAuthority)
  const known = ledger ? memory.ledger.get(message.command_id) : undefined
  if (known) return { memory, answer: ackOf(message, now, repeated(known, message)) }
  if (message.phase === 'query') return ledger ? notDone(memory, message, now) : { memory }
  if (ledger && message.control_number <= memory.newest)
    return refused(memory, message, now, `control number ${message.control_number} is not above ${memory.newest}`)
  return message.phase === 'select' ? select(memory, message, abilities, now) : operate(memory, message, abilities, now)
}

/** How the act that the device was at went. */
export function concludeCommand(
  memory: DeviceMemory,
  outcome: Outcome,
  abilities: Pick<DeviceAbilities, 'ledger'>,
  now: number,
): Taken {
  const { executing } = memory
  if (!executing) return { memory }
  return {
    memory: { ...noted(memory, executing, outcome, abilities), executing: undefined },
    answer: ackOf(executing, now, outcome),
  }
}

/** The memory after a restart: whatever it was at was not done, for what is done is noted with it. */
export function restarted(memory: DeviceMemory, abilities: Pick<DeviceAbilities, 'ledger'>): DeviceMemory {
  if (!abilities.ledger) return emptyMemory
  const interrupted: Outcome = { status: 'failed', reason: 'restarted before it was done' }
  return { ...concludeCommand(memory, interrupted, abilities, 0).memory, armed: undefined }
}

function operate(memory: DeviceMemory, message: CommandMessage, abilities: DeviceAbilities, now: number): Taken {
  const refusal = refusalOf(memory, message, abilities, now)
  const answer = refusal ?? ({ status: 'accepted' } as const)
  const kept = noted({ ...memory, armed: undefined }, message, answer, abilities)
  if (refusal) return { memory: kept, answer: ackOf(message, now, refusal) }
  return { memory: { ...kept, executing: message }, act: message, answer: ackOf(message, now, answer) }
}

function select(memory: DeviceMemory, message: CommandMessage, abilities: DeviceAbilities, now: number): Taken {
  if (!abilities.select) return refused(memory, message, now, 'it cannot be selected', addCauses.notSupported)
  const { type, expires_at, command_id: commandId } = message
  const refusal = refusalOf({ ...memory, armed: undefined }, message, { ...abilities, selectBefore: [] }, now)
  if (refusal) return { memory, answer: ackOf(message, now, refusal) }
  if (memory.armed && memory.armed.commandId !== commandId && now < memory.armed.until)
    return refused(memory, message, now, `selected for ${memory.armed.commandId}`, addCauses.lockedByOther)
  const until = Math.min(now + armedMs, abilities.expiry ? parseInstant(expires_at)! : Infinity)
  const armed = { commandId, until, text: wanted(type, message.args) }
  return { memory: { ...memory, armed }, answer: ackOf(message, now, { status: 'selected' }) }
}

/** Why it will not act. */
function refusalOf(
  { armed, executing }: DeviceMemory,
  { command_id, type, args, expires_at }: CommandMessage,
  { types, expiry, selectBefore = [] }: DeviceAbilities,
  now: number,
): LedgerEntry | undefined {
  const rejected = (reason: string, add_cause: number): LedgerEntry => ({ status: 'rejected', reason, add_cause })
  const expiresAt = parseInstant(expires_at)
  if (expiresAt === undefined)
    return rejected('expires_at is neither ISO 8601 with offset nor epoch ms', addCauses.inconsistentParameters)
  if (expiry && now >= expiresAt)
    return { status: 'expired', reason: 'it came too late', add_cause: addCauses.timeLimitOver }
  if (!types.includes(type)) return rejected(`it knows no ${type}`, addCauses.notSupported)
  if (executing) return rejected(`at ${executing.command_id}`, addCauses.alreadyInExecution)
  if (armed && now < armed.until) {
    if (armed.commandId !== command_id) return rejected(`selected for ${armed.commandId}`, addCauses.lockedByOther)
    if (armed.text !== wanted(type, args))
      return rejected('it was selected for something else', addCauses.inconsistentParameters)
  } else if (selectBefore.includes(type)) return rejected('it is not selected', addCauses.notSelected)
  return undefined
}

/** Asked about before it ever came: it is never done from now on. */
function notDone(memory: DeviceMemory, message: CommandMessage, now: number): Taken {
  const entry: LedgerEntry = { status: 'not_done' }
  return { memory: noted(memory, message, entry, { ledger: true }), answer: ackOf(message, now, entry) }
}

/** What a command is told that comes after it was asked about and not known: it was said that it is never done. */
const repeated = (known: LedgerEntry, { phase }: CommandMessage): LedgerEntry =>
  known.status === 'not_done' && phase !== 'query'
    ? { ...known, status: 'rejected', reason: 'it was asked about before it came, and is not done any more' }
    : known

const wanted = (type: CommandType, args: CommandMessage['args']): string =>
  JSON.stringify([type, ...Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1))])

/** Noted for good, of a device with a ledger. */
function noted(
  memory: DeviceMemory,
  { command_id, control_number }: CommandMessage,
  { status, reason, add_cause }: LedgerEntry,
  abilities: Pick<DeviceAbilities, 'ledger'>,
): DeviceMemory {
  if (!abilities.ledger) return memory
  const ledger = new Map(memory.ledger)
  ledger.set(command_id, { control_number, status, ...optional(reason, add_cause) })
  if (ledger.size > ledgerLength) ledger.delete(ledger.keys().next().value!)
  return { ...memory, ledger, newest: Math.max(memory.newest, control_number) }
}

const refused = (
  memory: DeviceMemory,
  message: CommandMessage,
  now: number,
  reason: string,
  add_cause?: number,
): Taken => ({ memory, answer: ackOf(message, now, { status: 'rejected', ...optional(reason, add_cause) }) })

const ackOf = (
  { command_id, control_number }: CommandMessage,
  now: number,
  { status, reason, add_cause }: LedgerEntry,
): CommandAck => ({
  ...{ command_id, control_number, status, at: new Date(now).toISOString() },
  ...optional(reason, add_cause),
})

const optional = (reason: string | undefined, add_cause: number | undefined) => ({
  ...(reason !== undefined && { reason }),
  ...(add_cause !== undefined && { add_cause }),
})
