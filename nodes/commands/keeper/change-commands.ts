import type { PoolClient } from 'pg'
import { wallClock } from '../../../platform/clock/clock.ts'
import { formatInstant } from '../../../platform/wire/instant.ts'
import { isInFlight, type Command } from '../domain/command.ts'
import type { CommandEvent, CommandRefusal, CommandTransition } from '../domain/command.ts'
import { begin, type RequestedCommand } from '../domain/begin.ts'
import { step } from '../domain/step.ts'
import { busyDevices, lockCommands, nextChange } from './command-repository.ts'
import type { KeptCommand, RecordedTransition } from './kept-command.ts'
import { insertCommands, writeCommands, writeTransitions } from './write-repository.ts'

/** Who changes a command: a user, or logic as `node <name>`; null: the device or time. */
export interface By {
  readonly username: string
}

/** Something that is to happen to a command that is there, or a command that is to be there. */
export type CommandChange = CommandAct | CommandMade

export interface CommandAct {
  readonly commandId: string
  readonly event: CommandEvent
  readonly by: By | null
}

/** A request that was accepted: its row is the outbox. */
export interface CommandMade {
  readonly made: MadeCommand
  readonly by: By
}

export type MadeCommand = RequestedCommand & Pick<KeptCommand, 'feederId' | 'bodyHash' | 'requestReason' | 'approvalId'>

export interface ChangedCommand {
  readonly commandId: string
  /** As it stands now; undefined: there is none of that id. */
  readonly command: Command | undefined
  readonly transitions: readonly CommandTransition[]
  /** `device-busy`: another command of the device is in flight. */
  readonly refused: CommandRefusal | 'unknown-command' | 'device-busy' | null
  /** Number of the transaction in the log; null: nothing changed. */
  readonly changed: number | null
}

/**
 * Lets events happen to commands, in their order, in one transaction: the one way in which commands come to be and change. Rows are
 * locked by id in ascending order; the transaction gets the next number of the log where anything was written, which is taken last:
 * who has it waits for no more rows, else two could wait for each other. So it is called once in a transaction, as its last statement
 * but what nobody else waits for.
 * @param now  UTC milliseconds
 * @returns one for each change, in their order
 */
export async function changeCommands(
  client: PoolClient,
  changes: readonly CommandChange[],
  now: number,
): Promise<readonly ChangedCommand[]> {
  const ids = changes.flatMap((change) => ('made' in change ? [] : [change.commandId]))
  const known = await lockCommands(client, ids)
  const steps = stepAll(known, changes, now)
  if (!steps.some(isWritten)) return steps.map(({ outcome }) => outcome)
  const changed = await nextChange(client)
  // Nobody else writes any more: what is in flight now is so at the commit.
  const busy = await busyAmong(client, known, steps)
  const done = busy.size === 0 ? steps : stepAll(known, changes, now, busy)
  await write(client, done, changed)
  return done.map((one) => (isWritten(one) ? { ...one.outcome, changed } : one.outcome))
}

interface StepDone {
  readonly change: CommandChange
  readonly before: KeptCommand | undefined
  readonly after: KeptCommand | undefined
  readonly outcome: ChangedCommand
}

const isWritten = ({ before, after }: StepDone): boolean => after !== undefined && after !== before

/** @param busy  devices of which a command in flight is none of these: nothing of theirs is sent */
function stepAll(
  known: readonly KeptCommand[],
  changes: readonly CommandChange[],
  now: number,
  busy: ReadonlySet<string> = new Set(),
): StepDone[] {
  const commands = new Map(known.map((command) => [command.commandId, command]))
  const inFlight = new Map(known.filter(isInFlight).map(({ deviceId, commandId }) => [deviceId, commandId]))
  const isFree = ({ deviceId, commandId }: Command): boolean =>
    !busy.has(deviceId) && (inFlight.get(deviceId) ?? commandId) === commandId
  return changes.map((change) => {
    const done = 'made' in change ? make(change, now) : act(change, commands.get(change.commandId), now, isFree)
    const { before, after } = done
    if (!after) return done
    commands.set(after.commandId, after)
    if (isInFlight(after)) inFlight.set(after.deviceId, after.commandId)
    else if (before && isInFlight(before)) inFlight.delete(after.deviceId)
    return done
  })
}

function make(change: CommandMade, now: number): StepDone {
  const { made, by } = change
  const { feederId, bodyHash, requestReason, approvalId } = made
  const { command, transition } = begin(made, now)
  const after: KeptCommand = {
    ...command,
    ...{ feederId, bodyHash, requestReason, approvalId, requestedBy: by.username, supersededBy: null },
  }
  const { commandId } = command
  return {
    ...{ change, before: undefined, after },
    outcome: {
      commandId,
      command: after,
      transitions: [{ ...transition, reason: requestReason }],
      refused: null,
      changed: null,
    },
  }
}

function act(
  change: CommandAct,
  before: KeptCommand | undefined,
  now: number,
  isFree: (command: Command) => boolean,
): StepDone {
  const { commandId, event } = change
  const nothing = (refused: ChangedCommand['refused']): StepDone => ({
    ...{ change, before, after: before },
    outcome: { commandId, command: before, transitions: [], refused, changed: null },
  })
  if (!before) return nothing('unknown-command')
  const { command, transitions, refused } = step(before, event, now)
  if (refused || command === before) return nothing(refused)
  if (!isInFlight(before) && isInFlight(command) && !isFree(command)) return nothing('device-busy')
  const supersededBy = event.kind === 'superseded' ? event.by : before.supersededBy
  const after = { ...before, ...command, supersededBy }
  return {
    ...{ change, before, after },
    outcome: { commandId, command: after, transitions, refused: null, changed: null },
  }
}

/** Devices of what is to be in flight now of which something else is. */
async function busyAmong(
  client: PoolClient,
  known: readonly KeptCommand[],
  steps: readonly StepDone[],
): Promise<ReadonlySet<string>> {
  const wasInFlight = new Set(known.filter(isInFlight).map(({ commandId }) => commandId))
  const sent = lastOfEach(steps).filter((command) => isInFlight(command) && !wasInFlight.has(command.commandId))
  if (sent.length === 0) return new Set()
  const knownIds = known.map(({ commandId }) => commandId)
  return busyDevices(client, [...new Set(sent.map(({ deviceId }) => deviceId))], knownIds)
}

const lastOfEach = (steps: readonly StepDone[]): readonly KeptCommand[] => [
  ...new Map(steps.filter(isWritten).map(({ after }) => [after!.commandId, after!])).values(),
]

async function write(client: PoolClient, steps: readonly StepDone[], changed: number): Promise<void> {
  const made = new Set(steps.flatMap(({ change }) => ('made' in change ? [change.made.commandId] : [])))
  const { inserted = [], updated = [] } = Object.groupBy(lastOfEach(steps), ({ commandId }) =>
    made.has(commandId) ? 'inserted' : 'updated',
  )
  await insertCommands(client, inserted, changed)
  await writeCommands(client, updated, changed)
  await writeTransitions(client, steps.flatMap(recorded), changed, wallClock.now())
}

const recorded = ({ change, outcome, after }: StepDone): RecordedTransition[] =>
  outcome.transitions.map((transition) => ({
    ...transition,
    ...{ commandId: outcome.commandId, username: change.by?.username ?? null },
    detail: 'made' in change ? requestOf(after!) : sendingOf(change.event, after!),
  }))

const requestOf = ({ deviceId, feederId, type, args, expiresAt, bodyHash }: KeptCommand) => ({
  ...{
    device_id: deviceId,
    feeder_id: feederId,
    type,
    args,
    expires_at: formatInstant(expiresAt),
    body_hash: bodyHash,
  },
})

const sendingOf = ({ kind }: CommandEvent, { controlNumber, attempts }: KeptCommand) =>
  kind === 'selecting' || kind === 'dispatching' ? { control_number: controlNumber, attempt: attempts } : null
