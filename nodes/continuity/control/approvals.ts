import type { ApprovalKind } from '../../../platform/approval/approval.ts'
import type { Services } from '../../../platform/http/services.ts'
import { exclusionKinds } from './exclusion-kinds.ts'
import { monthClose } from './month-close-kind.ts'

/** What of continuity takes two persons. */
export const continuityApprovals = ({ environment }: Services): readonly ApprovalKind[] => [
  ...exclusionKinds,
  monthClose(environment.TIME_ZONE),
]
