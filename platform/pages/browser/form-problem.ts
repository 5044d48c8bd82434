/** What a form came to that did not succeed, and how long to wait before the next attempt. */
export interface FormProblem<Kind extends string> {
  readonly kind: Kind | 'tooMany' | 'away' | 'unreachable' | 'refused'
  readonly waitSeconds: number
}

/** What the server said, as far as forms go by it. */
export interface FormAnswer {
  readonly status: number
  readonly retryAfter: string | null
}

const longestWaitSeconds = 3_600

/**
 * @param answer  undefined where nobody answered
 * @param kinds   what statuses mean for this form
 */
export function problemOf<Kind extends string>(
  answer: FormAnswer | undefined,
  kinds: Readonly<Record<number, Kind>>,
): FormProblem<Kind> {
  const asked = Number(answer?.retryAfter ?? 0)
  const waitSeconds = Number.isFinite(asked) ? Math.min(longestWaitSeconds, Math.max(0, Math.ceil(asked))) : 0
  return { kind: kindOf(answer?.status, kinds), waitSeconds }
}

function kindOf<Kind extends string>(
  status: number | undefined,
  kinds: Readonly<Record<number, Kind>>,
): FormProblem<Kind>['kind'] {
  if (status === undefined || status === 502 || status === 504) return 'unreachable'
  if (status === 429) return 'tooMany'
  return kinds[status] ?? (status >= 500 ? 'away' : 'refused')
}
