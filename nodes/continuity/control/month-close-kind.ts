import { Type } from '@sinclair/typebox'
import { approvalKindOf, type ApprovalKind } from '../../../platform/approval/approval.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { closeEffect, closeMonth } from './month-close.ts'

export const ClosableMonth = Type.String({
  pattern: '^(19|20)\\d{2}-(0[1-9]|1[0-2])$',
  description: 'The month, YYYY-MM',
  examples: ['2026-03'],
})

export const monthCloseKind = 'continuity/month-close'

/**
 * A month is closed: what it came to is frozen, or frozen anew where it came to be otherwise.
 * @param timeZone  of conjuntos that have none of their own
 */
export const monthClose = (timeZone: string): ApprovalKind =>
  approvalKindOf({
    kind: monthCloseKind,
    summary: 'A month is closed: its indicators, what they rest on and what is due are frozen, or frozen anew',
    body: Type.Object({
      month: ClosableMonth,
      reason: Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: '\\S',
        description: 'Why; of a later version, what came to be otherwise',
      }),
    }),
    right: { propose: 'operate', decide: 'approve' },
    atOneInstant: true,
    effect: (queries, { month }, asOf) => closeEffect(queries, { month, timeZone, now: asOf }),
    async apply(client, { month, reason }, approval) {
      await closeMonth(client, { month, timeZone, now: platformClock.now() }, reason.trim(), approval)
    },
  })
