import type { Database } from '../../../platform/storage/database.ts'
import { evidenceOf } from '../domain/effect.ts'
import { step } from '../domain/step.ts'
import { changeCommands, type CommandAct } from '../keeper/change-commands.ts'
import { awaitingCommands } from '../keeper/command-repository.ts'
import type { KeptCommand } from '../keeper/kept-command.ts'
import { observationsOf } from './observation-repository.ts'

const mostAtOnce = 200

/**
 * Looks what the readings that are stored say of commands whose effect is awaited or unknown, and has it happen to them.
 * @param now  UTC milliseconds
 */
export async function verifyCommands(database: Database, now: number, signal: AbortSignal): Promise<void> {
  let page: readonly KeptCommand[] = []
  do {
    page = await awaitingCommands(database, page.at(-1)?.commandId ?? null, mostAtOnce)
    const changes = await whatIsSeen(database, page, now)
    if (changes.length > 0) await database.transaction((client) => changeCommands(client, changes, now))
  } while (page.length === mostAtOnce && !signal.aborted)
}

async function whatIsSeen(
  database: Database,
  commands: readonly KeptCommand[],
  now: number,
): Promise<readonly CommandAct[]> {
  if (commands.length === 0) return []
  const seen = await observationsOf(
    database,
    commands.map(({ commandId, deviceId, firstDispatchedAt, requestedAt }) => ({
      ...{ commandId, deviceId, since: firstDispatchedAt ?? requestedAt },
    })),
  )
  return commands.flatMap((command): CommandAct[] => {
    const { commandId } = command
    const event = seen.has(commandId) ? evidenceOf(command, seen.get(commandId)!) : undefined
    // What changes nothing needs no lock.
    if (!event || step(command, event, now).command === command) return []
    return [{ commandId, event, by: null }]
  })
}
