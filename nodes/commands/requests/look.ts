import { badField, notFound } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { capabilitiesOf } from '../devices/capability-repository.ts'
import type { DeviceCapabilities } from '../domain/command.ts'
import { forbidding } from '../interlocks/forbidding.ts'
import type { Forbidden } from '../interlocks/interlock.ts'
import type { ReadRequest } from './command-request.ts'
import { lockDevice, openCommands, type CommandedDevice, type OpenCommand } from './request-repository.ts'

/** How things stand for a request. */
export interface Stands {
  readonly device: CommandedDevice
  readonly capabilities: DeviceCapabilities
  /** Commands of the device that are not over, the oldest first. */
  readonly open: readonly OpenCommand[]
  /** Those of them whose place this one takes. */
  readonly superseded: readonly string[]
  readonly forbidden: readonly Forbidden[]
}

/** Commands of one device that may wait at a time. */
export const mostOpen = 100

/**
 * Looks at the device and at what is under way to it; nobody else asks it for something before this transaction ends.
 * @param now  UTC milliseconds, by the platform's clock
 * @throws Problem 404 for a device that is not registered, 400 for one that does not do such things
 */
export async function look(queries: Queries, read: ReadRequest, now: number): Promise<Stands> {
  const { deviceId, of, args } = read
  const device = await lockDevice(queries, deviceId, now)
  if (!device) throw notFound('device', 'body.deviceId', deviceId)
  if (device.kind === null || !of.kinds.includes(device.kind))
    throw badField(
      'body.type',
      of.type,
      `must fit the device: it is for ${of.kinds.join(', ')}, and ${deviceId} is ${device.kind ?? 'of no known kind'}`,
    )
  const open = await openCommands(queries, deviceId, mostOpen + 1)
  const isSuperseded = ({ type, state }: OpenCommand): boolean =>
    of.supersedes && type === of.type && state === 'queued'
  return {
    ...{ device, open, superseded: open.filter(isSuperseded).map(({ commandId }) => commandId) },
    capabilities: await capabilitiesOf(queries, deviceId),
    forbidden: await forbidding(queries, { deviceId, type: of.type, args }, now),
  }
}
