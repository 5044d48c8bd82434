import { isDeepStrictEqual } from 'node:util'
import type { CommandMessage } from '../../platform/wire/command.ts'
import { afterCommand, type Equipment } from './equipment.ts'
import type { StandingCommand } from './history.ts'

/** So long it may look undone, ms: what shows it may still be on its way. */
const patienceMs = 10_000

/**
 * Whether equipment stands otherwise than a command that was carried out has left it. What leaves nothing behind, such as a restart,
 * cannot be undone.
 */
export function isUndone(command: Pick<CommandMessage, 'type' | 'args'>, now: Equipment): boolean {
  const again = afterCommand(now, command)
  return !isDeepStrictEqual(again, now) && isDeepStrictEqual(afterCommand(again, command), again)
}

/**
 * Sees what was undone before a reading has shown it, by a late copy of an earlier command or by a later command: nothing will show it
 * any more, unless somebody asks for the same again.
 */
export class Undone {
  #since: ReadonlyMap<string, number> = new Map()

  /**
   * @param standing     commands that are not over
   * @param equipmentOf  undefined: of no device of this campaign
   * @param now          ms, of any clock
   * @returns commands that have been undone for ten seconds while nothing else was under way on their device, one a device; each
   *   again after as long
   */
  found(
    standing: readonly StandingCommand[],
    equipmentOf: (deviceId: string) => Equipment | undefined,
    now: number,
  ): StandingCommand[] {
    const busy = new Set(standing.filter(({ state }) => state !== 'executed').map(({ deviceId }) => deviceId))
    const undone = standing.filter((command) => {
      const equipment = equipmentOf(command.deviceId)
      return equipment !== undefined && !busy.has(command.deviceId) && isUndone(command, equipment)
    })
    const due = undone.filter(({ commandId }) => now - (this.#since.get(commandId) ?? now) >= patienceMs)
    const found = [...new Map(due.map((command) => [command.deviceId, command])).values()]
    const asked = new Set(found.map(({ commandId }) => commandId))
    this.#since = new Map(
      undone.map(({ commandId }) => [commandId, asked.has(commandId) ? now : (this.#since.get(commandId) ?? now)]),
    )
    return found
  }
}
