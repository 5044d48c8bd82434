import type { TestDatabase } from '../../platform/storage/test-database.ts'
import type { CommandEvent } from './domain/command.ts'
import { changeCommands, type By, type ChangedCommand, type MadeCommand } from './keeper/change-commands.ts'
import { commandById } from './keeper/command-repository.ts'
import type { KeptCommand } from './keeper/kept-command.ts'
import { aMadeCommand, begun } from './made-command.fixture.ts'

export interface TestCommands {
  /** A command that was asked for when commands of tests begin. @returns its id */
  make(of?: Partial<MadeCommand>, now?: number): Promise<string>
  happen(commandId: string, event: CommandEvent, now?: number, by?: By | null): Promise<ChangedCommand>
  /** A command that was sent, `afterMs` after its beginning. @returns its id */
  sent(of?: Partial<MadeCommand>, afterMs?: number): Promise<string>
  commandOf(commandId: string): Promise<KeptCommand>
  /** All transitions in their order: `queued dispatched dispatching`, with who did it. */
  history(commandId: string): Promise<string[]>
}

/** Commands of a suite's database, as tests make and change them. */
export function commandsIn(test: Pick<TestDatabase, 'database'>): TestCommands {
  const commands: TestCommands = {
    async make(of, now = begun) {
      const made = aMadeCommand(of)
      await test.database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], now))
      return made.commandId
    },
    async happen(commandId, event, now = begun, by = null) {
      const change = { commandId, event, by }
      const [changed] = await test.database.transaction((client) => changeCommands(client, [change], now))
      return changed!
    },
    async sent(of, afterMs = 0) {
      const commandId = await commands.make(of)
      const { refused } = await commands.happen(
        commandId,
        { kind: 'dispatching', controlNumber: ++numbers },
        begun + afterMs,
      )
      if (refused) throw new Error(`not sent: ${refused}`)
      return commandId
    },
    commandOf: async (commandId) => (await commandById(test.database, commandId))!,
    async history(commandId) {
      const rows = await test.database.query<{ line: string }>(
        `select concat_ws(' ', from_state, to_state, cause, username) as line from command_transition
         where command_id = $1 order by changed, ordinal`,
        [commandId],
      )
      return rows.map(({ line }) => line)
    },
  }
  return commands
}

let numbers = 0
