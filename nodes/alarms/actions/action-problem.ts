import { Problem, titleOf } from '../../../platform/http/problem.ts'
import type { ActionRefusal } from './action.ts'
import type { Outcome } from './act.ts'

const statuses: Partial<Record<ActionRefusal, number>> = {
  'unknown-alarm': 404,
  'wrong-role': 403,
  'foreign-area': 403,
  'end-needed': 400,
  'reason-needed': 400,
  'occurrence-needed': 400,
}

/** What a caller hears of an attempt that was refused; what stands against it otherwise is what is there: 409. */
export function problemOfOutcome({ code, problem }: Outcome): Problem {
  const status = statuses[code!] ?? 409
  return new Problem(status, titleOf(status), { detail: problem!, code: code! })
}
