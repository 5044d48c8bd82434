import type { Access } from '../../platform/access/access.ts'
import type { ApiRequest } from '../../platform/http/route.ts'

/** Units are named in one entry as far as they fit. */
const mostNamed = 10

/**
 * Writes down who saw consumption of which units; what was seen is not written. Resolves when it is stored: nobody sees
 * anything before.
 * @param unitIds  none: there is nothing to write down
 */
export async function recordPersonal(
  access: Pick<Access, 'recordAccess'>,
  { identity, address }: Pick<ApiRequest, 'identity' | 'address'>,
  event: 'consumption_read',
  unitIds: readonly string[],
): Promise<void> {
  const units = [...new Set(unitIds)].toSorted()
  if (units.length === 0) return
  const more = units.length > mostNamed ? ` … and ${units.length - mostNamed} more` : ''
  await access.recordAccess({
    ...{ event, identity, address },
    subject: units.length === 1 ? units[0]! : `${units.length} units`,
    detail: units.slice(0, mostNamed).join(' ') + more,
  })
}
