import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ReadingKind } from '../../../platform/wire/reading.ts'
import type { DeviceCapabilities } from '../domain/command.ts'

/** What a device can do with commands, and who says so. */
export interface RecordedCapabilities {
  readonly deviceId: string
  /** Null: it has reported nothing that says so. */
  readonly kind: ReadingKind | null
  readonly capabilities: DeviceCapabilities
  /** The conformance check has seen it; otherwise somebody says so. */
  readonly isProven: boolean
  /** Null: nobody has said anything, and nothing is taken for granted. */
  readonly recordedBy: string | null
  /** UTC milliseconds of the wall. */
  readonly recordedAt: number | null
  /** What the device says of itself: nothing goes by it. */
  readonly claimed: readonly string[]
}

/** Of which nothing is known. */
const none: DeviceCapabilities = { ledger: false, expiry: false, select: false, clock: false, signature: false }

interface CapabilityRow extends Omit<RecordedCapabilities, 'capabilities' | 'claimed'> {
  readonly capabilities: DeviceCapabilities | null
  readonly claimed: readonly string[] | null
}

/** What a device can do with commands: all false where nobody has said. */
export async function capabilitiesOf(queries: Queries, deviceId: string): Promise<DeviceCapabilities> {
  const [found] = await queries.query<DeviceCapabilities>(
    'select ledger, expiry, selectable as select, clock, signature from command_capability where device_id = $1',
    [deviceId],
  )
  return found ?? none
}

/** Which devices are wanted; what is absent says nothing. */
export interface CapabilityFilter {
  readonly kind?: ReadingKind | undefined
  /** Somewhere in the name of the device, large or small. */
  readonly contains?: string | undefined
}

/** What is recorded of registered devices, by their names. */
export async function listCapabilities(
  queries: Queries,
  { kind, contains }: CapabilityFilter,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<RecordedCapabilities[]> {
  const rows = await queries.query<CapabilityRow>(
    `${recorded} where d.device_id > $1 and ($2::reading_kind is null or d.kind = $2)
       and ($3::text is null or position(lower($3) in lower(d.device_id)) > 0)
     order by d.device_id limit $4`,
    [after, kind ?? null, contains ?? null, limit],
  )
  return rows.map(read)
}

/** What is recorded of a registered device. */
export async function findCapabilities(queries: Queries, deviceId: string): Promise<RecordedCapabilities | undefined> {
  const [row] = await queries.query<CapabilityRow>(`${recorded} where d.device_id = $1`, [deviceId])
  return row && read(row)
}

/** @returns false where no such device is registered */
export async function recordCapabilities(
  queries: Queries,
  deviceId: string,
  capabilities: DeviceCapabilities,
  by: { readonly isProven: boolean; readonly recordedBy: string; readonly recordedAt: number },
): Promise<boolean> {
  const { ledger, expiry, select, clock, signature } = capabilities
  const rows = await queries.query(
    `insert into command_capability (device_id, ledger, expiry, selectable, clock, signature, is_proven, recorded_by, recorded_at)
     select device_id, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9::float8 / 1000) from device where device_id = $1
     on conflict (device_id) do update set ledger = excluded.ledger, expiry = excluded.expiry, selectable = excluded.selectable,
       clock = excluded.clock, signature = excluded.signature, is_proven = excluded.is_proven, recorded_by = excluded.recorded_by,
       recorded_at = excluded.recorded_at
     returning device_id`,
    [deviceId, ledger, expiry, select, clock, signature, by.isProven, by.recordedBy, by.recordedAt],
  )
  return rows.length > 0
}

/** Whether a command to a device is under way, or nobody knows what became of one. */
export async function isInFlight(queries: Queries, deviceId: string): Promise<boolean> {
  const rows = await queries.query('select from command where in_flight and device_id = $1', [deviceId])
  return rows.length > 0
}

const recorded = `select d.device_id as "deviceId", d.kind, coalesce(c.is_proven, false) as "isProven", c.recorded_by as "recordedBy",
    ${milliseconds('c.recorded_at')} as "recordedAt", p.capabilities as claimed,
    case when c.device_id is not null then json_build_object('ledger', c.ledger, 'expiry', c.expiry, 'select', c.selectable,
      'clock', c.clock, 'signature', c.signature) end as capabilities
  from device d left join command_capability c using (device_id) left join device_presence p using (device_key)`

const read = ({ capabilities, claimed, ...row }: CapabilityRow): RecordedCapabilities => ({
  ...row,
  capabilities: capabilities ?? none,
  claimed: claimed ?? [],
})
