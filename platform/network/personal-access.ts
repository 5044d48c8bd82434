import type { Access } from '../access/access.ts'
import type { ApiRequest } from '../http/route.ts'

/** What an entry of the log holds, with room for the count. */
const longestList = 950

/** What was done with personal data: hourly consumption was seen; a holder was seen, exported, looked for, changed or erased. */
export type PersonalEvent =
  | 'consumption_read'
  | 'personal_read'
  | 'personal_exported'
  | 'personal_searched'
  | 'personal_changed'
  | 'personal_erased'

/**
 * Writes down who had to do with personal data of which units: who, which, how many, and nothing of what was seen.
 * Resolves when it is stored, so nobody sees anything before.
 * @param unitIds  none: there is nothing to write down
 */
export async function recordPersonal(
  access: Pick<Access, 'recordAccess'>,
  { identity, address }: Pick<ApiRequest, 'identity' | 'address'>,
  event: PersonalEvent,
  unitIds: readonly string[],
): Promise<void> {
  const units = [...new Set(unitIds)].toSorted()
  for (const detail of listsOf(units)) {
    const subject = units.length === 1 ? units[0]! : `${units.length} units`
    await access.recordAccess({ event, identity, address, subject, detail })
  }
}

/** The units by name, as many in one text as an entry holds. */
export function listsOf(units: readonly string[]): string[] {
  const lists: string[] = []
  for (const unit of units) {
    const last = lists.at(-1)
    if (last === undefined || last.length + 1 + unit.length > longestList) lists.push(unit)
    else lists[lists.length - 1] = `${last} ${unit}`
  }
  return lists
}
