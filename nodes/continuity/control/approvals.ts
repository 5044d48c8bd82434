import type { ApprovalKind } from '../../../platform/approval/approval.ts'
import type { Services } from '../../../platform/http/services.ts'
import { correctionKind } from './correction-kind.ts'
import { criticalDayKinds } from './critical-day-kinds.ts'
import { emergencyKind } from './emergency-kind.ts'
import { exclusionKinds } from './exclusion-kinds.ts'
import { monthClose } from './month-close-kind.ts'

/** What of continuity takes two persons. */
export const continuityApprovals = ({ environment: { TIME_ZONE } }: Services): readonly ApprovalKind[] => [
  ...exclusionKinds,
  ...criticalDayKinds(TIME_ZONE),
  emergencyKind,
  correctionKind,
  monthClose(TIME_ZONE),
]
