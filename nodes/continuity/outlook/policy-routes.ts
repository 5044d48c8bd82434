import { Type } from '@sinclair/typebox'
import { wallClock } from '../../../platform/clock/clock.ts'
import { Instant, Nullable, OneOf } from '../../../platform/http/fields.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { defaultPolicy, mostMinutes, priorityServices } from '../domain/restoration-policy.ts'
import { insertPolicy, policyChanges, type PolicyChange } from './policy-repository.ts'

const path = '/api/quality/continuity/restoration-policy'
const tag = 'outages'
const mostChanges = 100

const minutes = (description: string) => Type.Integer({ minimum: 1, maximum: mostMinutes, description })
const Policy = Type.Object(
  {
    tiers: Type.Array(OneOf(priorityServices, 'A service that comes before money'), {
      maxItems: priorityServices.length,
      description: 'The first one first; a service that is not named comes by money, as all others',
    }),
    estimateMinutes: minutes('How long restoring takes where nobody has estimated it'),
    laterMinutes: minutes('How much later it would be if something else were done before'),
  },
  { $id: 'RestorationPolicy' },
)
const State = Type.Object({
  policy: Policy,
  isDefault: Type.Boolean(),
  changes: Type.Array(
    Type.Object({
      policy: Nullable(Policy),
      reason: Type.String(),
      changedBy: Type.String(),
      changedAt: Instant('When it was changed'),
    }),
    { description: `The newest first, ${mostChanges} at most` },
  ),
})

/** The policy of restoration: what holds, who changed it, when and why. */
export const policyRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  const state = async () => {
    const changes = await policyChanges(database, mostChanges)
    const held = changes[0]?.policy ?? null
    return { policy: held ?? defaultPolicy, isDefault: held === null, changes: changes.map(shown) }
  }
  return [
    defineRoute({
      method: 'GET',
      path,
      operationId: 'getRestorationPolicy',
      summary: 'Whom to restore first: what holds, and who changed it, when and why',
      ...{ tag, right: 'read' as const },
      answers: { 200: { description: 'The policy', schema: State } },
      handle: async () => ({ body: await state() }),
    }),
    defineRoute({
      method: 'PUT',
      path,
      operationId: 'setRestorationPolicy',
      summary: 'Decide whom to restore first',
      description: 'Holds from now on; null sets the default again. Nothing of what was set before is ever changed.',
      ...{ tag, right: 'administer' as const },
      body: Type.Object(
        {
          policy: Nullable(Policy),
          reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'Why' }),
        },
        { examples: [{ policy: { ...defaultPolicy, laterMinutes: 180 }, reason: 'Two crews in the night' }] },
      ),
      answers: { 200: { description: 'The policy as it is now', schema: State } },
      async handle({ body: { policy, reason }, identity, address }) {
        if (policy && new Set(policy.tiers).size < policy.tiers.length)
          throw badField('body.policy.tiers', policy.tiers.join(), 'must name each service once')
        const change = { policy, reason: reason.trim(), changedBy: identity!.username, changedAt: wallClock.now() }
        await insertPolicy(database, change)
        const detail = `${policy ? JSON.stringify(policy) : 'the default'}: ${change.reason}`
        await access.recordAccess({ event: 'option_changed', identity, address, subject: 'restoration policy', detail })
        return { body: await state() }
      },
    }),
  ]
}

const shown = ({ changedAt, ...change }: PolicyChange) => ({ ...change, changedAt: new Date(changedAt).toISOString() })
