import { Approvals } from '../../../platform/approval/approvals.ts'
import { kindsByName } from '../../../platform/approval/kinds.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import type { Services } from '../../../platform/http/services.ts'
import type { Accepting } from './accept.ts'
import { commandKind } from './command-approval.ts'
import type { Deciding } from './decide.ts'

const kinds = kindsByName([commandKind])

/** What commands are accepted and decided on in this process. */
export const acceptingOf = ({ database, access }: Pick<Services, 'database' | 'access'>): Accepting & Deciding => ({
  ...{ database, access, approvals: new Approvals(database, () => kinds, wallClock) },
})
