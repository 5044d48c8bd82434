import { randomUUID } from 'node:crypto'
import { begun, fullCapabilities, plainPlan } from './domain/command.fixture.ts'
import type { MadeCommand } from './keeper/change-commands.ts'
import { bodyHashOf } from './requests/body-hash.ts'

export { begun, fullCapabilities, noCapabilities, plainPlan } from './domain/command.fixture.ts'

/** A request that was accepted, for a change of commands to make. */
export function aMadeCommand(of: Partial<MadeCommand> = {}): MadeCommand {
  const made = {
    ...{ commandId: randomUUID(), deviceId: 'sw-1', type: 'open' as const, args: {}, plan: plainPlan },
    ...{ capabilities: fullCapabilities, expiresAt: begun + 600_000, feederId: null },
    ...{ requestReason: null, approvalId: null, ...of },
  }
  return { ...made, bodyHash: of.bodyHash ?? bodyHashOf(made) }
}
