import type { Access } from '../access/access.ts'
import { Problem } from '../http/problem.ts'
import type { ApiRequest } from '../http/route.ts'
import type { Approval } from './approval.ts'

/** What somebody does with an approval. */
export type ApprovalVerb = 'proposed' | 'approved' | 'rejected' | 'withdrawn'

/**
 * Has what somebody does with an approval in the access log, as well as what was refused.
 * @param subject  of what is refused: the approval, or what was to become one
 */
export async function recorded(
  access: Pick<Access, 'recordAccess'>,
  verb: ApprovalVerb,
  subject: string,
  { identity, address }: Pick<ApiRequest, 'identity' | 'address'>,
  work: () => Promise<Approval>,
): Promise<Approval> {
  try {
    const approval = await work()
    const { approvalId, kind, effect, decidedEffect } = approval
    const { deltaBrl } = decidedEffect ?? effect
    const detail = `${kind}, ${deltaBrl === null ? 'no amount' : `R$ ${deltaBrl.toFixed(2)}`}`
    await access.recordAccess({
      event: `approval_${verb}`,
      identity,
      address,
      subject: `approval ${approvalId}`,
      detail,
    })
    return approval
  } catch (error) {
    if (error instanceof Problem)
      await access.recordAccess({
        event: 'approval_refused',
        identity,
        address,
        subject,
        detail: `${verb}: ${error.message}`,
      })
    throw error
  }
}
