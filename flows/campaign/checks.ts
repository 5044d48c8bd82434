import { type CommandState, endStates } from '../../nodes/commands/domain/command.ts'
import type { History, Sent, StoredCommand, Wish } from './history.ts'

/** A rule that a campaign broke. */
export interface Breach {
  readonly rule: string
  readonly what: string
}

/** Between the clock's reading and the line a message may take so long, ms. */
const onTheWayMs = 500

const didAct: ReadonlySet<CommandState> = new Set<CommandState>(['executed', 'verified', 'reconciled_done'])

/** What must hold when a campaign is over (docs/commands.md), each rule with what breaks it. */
const rules: Readonly<Record<string, (history: Seen) => string[]>> = {
  'no request is lost': ({ wishes, commandOf }) =>
    wishes.flatMap(({ keys, commandId }) =>
      commandId === undefined || commandOf.has(commandId)
        ? []
        : [`request ${keys[0]} became ${commandId}, which is not there`],
    ),

  'a request is one command': ({ wishes, commands, commandsOf }) => {
    const asked = new Set(wishes.flatMap(({ keys }) => keys))
    return [
      ...wishes
        .filter((wish) => commandsOf(wish).length > 1)
        .map((wish) => `request ${wish.keys[0]} became ${commandsOf(wish).length} commands`),
      ...commands.filter(({ key }) => !asked.has(key)).map((command) => `${named(command)}: nobody asked for it`),
    ]
  },

  'a wish has at most one effect on a device with a ledger': ({ wishes, ledgers, commandsOf, effectsOf }) =>
    wishes
      .filter(({ deviceId }) => ledgers.has(deviceId))
      .map((wish) => ({ ...wish, count: sum(commandsOf(wish).map(({ commandId }) => effectsOf(commandId))) }))
      .filter(({ count }) => count > 1)
      .map(({ keys, deviceId, count }) => `request ${keys[0]} had ${count} effects on ${deviceId}`),

  'an effect is known, and what is known had its effect': ({ commands, effectsOf, ledgers, disturbed }) =>
    commands
      // Without a ledger a device acts as often as the network brings a message.
      .filter(({ commandId, deviceId }) => ledgers.has(deviceId) || !disturbed.has(commandId))
      .filter(({ commandId, state }) => endedOf(state) && effectsOf(commandId) !== (didAct.has(state) ? 1 : 0))
      .map((command) => `${named(command)} had ${effectsOf(command.commandId)} effects`),

  'every effect is of a command': ({ effects, commandOf }) =>
    effects
      .filter(({ commandId }) => !commandOf.has(commandId))
      .map(({ deviceId, commandId }) => `${deviceId} did ${commandId}, which is not there`),

  'without a ledger nothing is sent again': ({ operates, ledgers }) =>
    [...operates]
      .filter(([, sent]) => sent.length > 1 && !ledgers.has(sent[0]!.deviceId))
      .map(([id, sent]) => `${id} was sent ${sent.length} times to ${sent[0]!.deviceId}`),

  'nothing is left open': ({ commands }) =>
    commands.filter((command) => !isOver(command)).map((command) => `${named(command)} is open`),

  'a device with a ledger needs nobody to say how it ended': ({ released, commandOf, ledgers }) =>
    [...released]
      .map((id) => commandOf.get(id)!)
      .filter(({ deviceId }) => ledgers.has(deviceId))
      .map((command) => `${named(command)} was released`),

  'nothing is sent after its expiry': ({ operates }) =>
    [...operates.values()]
      .flat()
      .map((sent) => ({ ...sent, lateMs: sent.at - Date.parse(String(sent.message.expires_at)) }))
      .filter(({ lateMs }) => lateMs > onTheWayMs)
      .map(({ message, lateMs }) => `${message.command_id} was sent ${lateMs} ms after its expiry`),

  'control numbers grow, one for each command': ({ devices, sent }) =>
    devices.flatMap(({ deviceId }) => numbersAmiss(sent.filter((one) => one.deviceId === deviceId))),

  'no command is retained': ({ retained, sent }) => [
    ...retained.map((topic) => `the broker keeps a message on ${topic}`),
    ...sent.filter((one) => one.retained).map(({ message }) => `${message.command_id} was sent to be kept`),
  ],

  'every step leads on from the one before': ({ commands, transitions }) => {
    const at = new Map<string, CommandState>()
    const broken = transitions.flatMap(({ commandId, from, to }) => {
      const before = at.get(commandId) ?? null
      at.set(commandId, to)
      return before === from ? [] : [`${commandId} went from ${from} to ${to}, and stood at ${before}`]
    })
    const adrift = commands.filter(({ commandId, state }) => at.get(commandId) !== state)
    return [
      ...broken,
      ...adrift.map((command) => `${named(command)} was last heard of as ${at.get(command.commandId)}`),
    ]
  },

  'a device has one command at a time': ({ transitions, commandOf }) => {
    const busy = new Map<string, string>()
    return transitions.flatMap(({ commandId, to }) => {
      const deviceId = commandOf.get(commandId)?.deviceId ?? ''
      if (to === 'selected' || to === 'dispatched') {
        const other = busy.get(deviceId)
        busy.set(deviceId, commandId)
        return other === undefined || other === commandId
          ? []
          : [`${commandId} was sent to ${deviceId} beside ${other}`]
      }
      if (busy.get(deviceId) === commandId && (endStates.has(to) || to === 'executed' || to === 'queued'))
        busy.delete(deviceId)
      return []
    })
  },

  'the chain of the audit is sound': ({ audit }) => (audit === undefined ? [] : [audit]),
}

export const ruleNames: readonly string[] = Object.keys(rules)

/** Finds what broke which rule; nothing: the campaign held. */
export function breachesOf(history: History): Breach[] {
  const seen = seenFrom(history)
  return Object.entries(rules).flatMap(([rule, find]) => find(seen).map((what) => ({ rule, what })))
}

/** Whether nothing more is to be expected of a command. */
const isOver = ({ state, needsVerification }: Pick<StoredCommand, 'state' | 'needsVerification'>): boolean =>
  endStates.has(state) || (state === 'executed' && !needsVerification)

type Seen = History & {
  readonly commandOf: ReadonlyMap<string, StoredCommand>
  readonly commandsOf: (wish: Wish) => readonly StoredCommand[]
  readonly effectsOf: (commandId: string) => number
  /** Devices that the registry says have one. */
  readonly ledgers: ReadonlySet<string>
  /** What was sent of each command, but selections and questions. */
  readonly operates: ReadonlyMap<string, readonly Sent[]>
}

function seenFrom(history: History): Seen {
  const counts = new Map<string, number>()
  for (const { commandId } of history.effects) counts.set(commandId, (counts.get(commandId) ?? 0) + 1)
  const byKey = Map.groupBy(history.commands, ({ key }) => key)
  const operates = history.sent.filter(({ message }) => message.phase === 'operate')
  return {
    ...history,
    commandOf: new Map(history.commands.map((command) => [command.commandId, command])),
    commandsOf: ({ keys }) => keys.flatMap((key) => byKey.get(key) ?? []),
    effectsOf: (commandId) => counts.get(commandId) ?? 0,
    ledgers: new Set(history.devices.filter(({ capabilities }) => capabilities.ledger).map(({ deviceId }) => deviceId)),
    operates: Map.groupBy(operates, ({ message }) => message.command_id),
  }
}

function numbersAmiss(sent: readonly Sent[]): string[] {
  const numberOf = new Map<string, number>()
  let newest = 0
  return sent.flatMap(({ deviceId, message: { command_id: id, control_number: number, phase } }) => {
    const before = numberOf.get(id)
    numberOf.set(id, number)
    const isNew = before === undefined && phase !== 'query'
    const amiss = (before !== undefined && before !== number) || (isNew && number <= newest)
    newest = Math.max(newest, number)
    return amiss ? [`${deviceId} was sent ${id} under ${number}, after ${before ?? newest}`] : []
  })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const endedOf = (state: CommandState): boolean => endStates.has(state) || state === 'executed'

const named = ({ commandId, deviceId, type, state }: StoredCommand): string =>
  `${commandId} (${type} of ${deviceId}, ${state})`
