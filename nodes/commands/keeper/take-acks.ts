import type { PoolClient } from 'pg'
import { devicesOfCommands, insertAcks, type ReceivedAck } from './ack-repository.ts'
import { changeCommands, type ChangedCommand, type CommandAct } from './change-commands.ts'

/**
 * Lets answers of devices happen, in their order, in one transaction, and records each. One that names no command of its device is
 * refused as `unknown-command`, and nowhere else: it says nothing.
 * @param now  UTC milliseconds
 * @returns one for each, in their order
 */
export async function takeAcks(
  client: PoolClient,
  received: readonly ReceivedAck[],
  now: number,
): Promise<readonly ChangedCommand[]> {
  const devices = await devicesOfCommands(client, [...new Set(received.map(({ ack }) => ack.command_id))])
  const known = received.filter(({ deviceId, ack }) => devices.get(ack.command_id) === deviceId)
  const changed = await changeCommands(client, known.map(answer), now)
  await insertAcks(
    client,
    known.map((one, index) => ({ ...one, changed: changed[index]!.changed })),
  )
  const outcomes = new Map(known.map((one, index) => [one, changed[index]!]))
  return received.map((one) => outcomes.get(one) ?? nobodys(one))
}

const answer = ({ ack }: ReceivedAck): CommandAct => ({
  commandId: ack.command_id,
  event: { kind: 'answered', status: ack.status, ...(ack.reason !== undefined && { reason: ack.reason }) },
  by: null,
})

const nobodys = ({ ack }: ReceivedAck): ChangedCommand => ({
  ...{ commandId: ack.command_id, command: undefined, transitions: [], refused: 'unknown-command', changed: null },
})
