import type { Access } from '../../../platform/access/access.ts'
import { may } from '../../../platform/access/identity.ts'
import { lackOf } from '../../../platform/access/roles.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import { badFields, conflict, faultOf, Problem, titleOf } from '../../../platform/http/problem.ts'
import type { ApiRequest } from '../../../platform/http/route.ts'
import { badImport } from '../../../platform/network/change-registry.ts'
import { ImportError, type Fault } from '../../../platform/network/import/faults.ts'
import type { TableFault } from '../domain/table-faults.ts'
import { ImpossibleTable, StaleTable, type TableChanged } from './change-table.ts'
import type { TableVersion } from './table-repository.ts'

type Asked = Pick<ApiRequest, 'identity' | 'address'>
const right = 'configure-alarms'

/** What a change is about, as the access log has it, and where a fault of it stands in the request. */
export interface Changing {
  readonly subject: string
  readonly base: number
  readonly reason: string
  placeOf(fault: TableFault): string
}

/**
 * Lets somebody change the table, and takes down in the access log that it was changed, or refused and why.
 * @throws Problem 403 for a wrong role, 409 for a change that is based on an older version, 400 for a table that cannot be
 */
export async function changing<T extends TableChanged>(
  access: Access,
  { identity, address }: Asked,
  { subject, base, reason, placeOf }: Changing,
  work: (by: Omit<TableVersion, 'version'>) => Promise<T>,
): Promise<T> {
  const record = (event: string, detail: string) => access.recordAccess({ event, identity, address, subject, detail })
  try {
    if (!may(identity, right)) throw new Problem(403, titleOf(403), { detail: lackOf(identity!.role, right) })
    const changed = await work({ reason: reason.trim(), changedBy: identity!.username, changedAt: wallClock.now() })
    if (changed.version !== base) await record('alarm_table_changed', `version ${changed.version}: ${reason.trim()}`)
    return changed
  } catch (error) {
    const problem = problemOf(error, placeOf)
    if (problem) await record('alarm_table_refused', `${problem.message} (given reason: ${reason.trim()})`)
    throw problem ?? error
  }
}

/** What the caller hears; undefined for what is no refusal. */
function problemOf(error: unknown, placeOf: Changing['placeOf']): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof StaleTable) return conflict(error.message)
  if (error instanceof ImportError) return badImport(error, linePlace)
  if (!(error instanceof ImpossibleTable)) return undefined
  return badFields(error.faults.slice(0, 20).map((fault) => faultOf(placeOf(fault), fault.value, fault.problem)))
}

const linePlace = ({ line, column }: Fault): string =>
  ['body', ...(line === undefined ? [] : ['lines', line]), ...(column === undefined ? [] : [column])].join('.')
