import type { Queries } from '../../../platform/storage/queries.ts'
import type { DeviceKind } from '../domain/allocation/problem.ts'

/** A device that follows setpoints, as far as its fallback goes. */
export interface FallbackRow {
  readonly deviceId: string
  readonly feederId: string
  readonly kind: DeviceKind
  readonly phases: string
  readonly ratedKw: number
  readonly fallbackKw: number | null
}

/** Every device that is let in and follows setpoints. */
export function fallbackDevices(queries: Queries): Promise<FallbackRow[]> {
  return queries.query<FallbackRow>(
    `select d.device_id as "deviceId", coalesce(d.feeder_id, s.feeder_id) as "feederId", d.der_type as kind,
       coalesce(d.phases, 'ABC') as phases, d.rated_kw as "ratedKw", d.fallback_kw as "fallbackKw"
     from device d left join site s on s.site_id = d.site_id
     where d.kind = 'der' and d.status = 'active' and d.der_type in ('ev', 'battery', 'pv') and d.rated_kw is not null
       and coalesce(d.feeder_id, s.feeder_id) is not null`,
  )
}
