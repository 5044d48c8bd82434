/** What two persons decide about what counts (docs/approvals.md), as far as the page shows it. */
export interface Proposal {
  readonly approvalId: number
  readonly kind: string
  readonly body: Readonly<Record<string, unknown>>
  readonly bodyHash: string
  readonly evidence: string
  readonly effect: Effect
  readonly proposedBy: string
  readonly proposedAt: string
  readonly expiresAt: string
}

export interface Effect {
  /** What is due to consumers afterwards, less what is due now, R$; null: it cannot be said. */
  readonly deltaBrl: number | null
  readonly notComputable?: string
  readonly units?: number
  readonly months?: readonly string[]
}

/** A proposal with what it would change now. */
export interface ProposalNow extends Proposal {
  readonly effectNow?: Effect
}

const kinds = [
  ...(['exclusion', 'exclusion-taken-back', 'critical-day', 'critical-day-taken-back'] as const),
  ...(['emergency-situation', 'correction', 'month-close'] as const),
] as const
export type ProposalKind = (typeof kinds)[number]

/** Which of the kinds of continuity it is of; undefined for what another page decides. */
export function kindOf({ kind }: Pick<Proposal, 'kind'>): ProposalKind | undefined {
  const [area, name] = kind.split('/')
  return area === 'continuity' ? kinds.find((each) => each === name) : undefined
}

/** What is to be decided about continuity, what expires first coming first. */
export const ofContinuity = (proposals: readonly Proposal[]): Proposal[] =>
  proposals
    .filter((each) => kindOf(each) !== undefined)
    .toSorted(
      (one, other) => Date.parse(one.expiresAt) - Date.parse(other.expiresAt) || one.approvalId - other.approvalId,
    )

/**
 * What an approver says who has seen what it changes now.
 * @param now  what the approver was shown
 */
export function approvalOf(
  { bodyHash, effect }: Proposal,
  now: Effect,
): { bodyHash: string; confirmedDeltaBrl?: number | null } {
  return now.deltaBrl === effect.deltaBrl ? { bodyHash } : { bodyHash, confirmedDeltaBrl: now.deltaBrl }
}

/**
 * What is proposed, as pairs of a name and a value in few words; of long lists the first ones and how many there are.
 * @param terms  what fields (`term_…`) and values (`value_…`) are called; others are shown as they are
 */
export function bodyLines(
  body: Proposal['body'],
  terms: Readonly<Record<string, string>>,
): (readonly [name: string, value: string])[] {
  const shortly = (value: unknown): string => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return terms[`value_${text}`] ?? text
  }
  return Object.entries(body).map(([name, value]) => {
    const values = Array.isArray(value) ? value : [value]
    const more = values.length > mostValues ? ` … (${values.length})` : ''
    return [terms[`term_${name}`] ?? name, values.slice(0, mostValues).map(shortly).join(', ') + more]
  })
}

const mostValues = 8
