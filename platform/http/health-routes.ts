import { Type } from '@sinclair/typebox'
import { may } from '../access/identity.ts'
import { health, isServing } from './health.ts'
import { defineRoute, type ApiRoute } from './route.ts'

const upOrDown = Type.Union([Type.Literal('up'), Type.Literal('down')])
const count = Type.Integer({ minimum: 0 })

const healthSchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
    db: upOrDown,
    mqtt: upOrDown,
    influx: Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('off')], {
      description: 'off: not configured',
    }),
    ingest: Type.Optional(
      Type.Object(
        {
          received: count,
          stored: count,
          duplicates: count,
          quarantined: count,
          inFlight: count,
          lagMs: Type.Number({ minimum: 0, description: 'Age of the oldest reading received and not yet stored' }),
        },
        { description: 'Counts since the start' },
      ),
    ),
    consumers: Type.Optional(
      Type.Record(Type.String(), Type.Object({ batchesBehind: count, readingsBehind: count }), {
        description: 'How far each consumer of the batch log is behind',
      }),
    ),
    offlineDevices: Type.Optional(Type.Union([count, Type.Null()], { description: 'null while nobody knows' })),
    controlLoop: Type.Optional(
      Type.Object(
        {
          status: Type.Union(
            (['ok', 'stalled', 'overrun', 'off'] as const).map((status) => Type.Literal(status)),
            {
              description:
                'stalled: a root feeder waits for too long; overrun: rounds take too long; off: nobody steers',
            },
          ),
          lastTickAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
            description: 'When the last round began over the root feeder that has waited longest',
          }),
          stalled: Type.Boolean(),
        },
        { description: 'The control loop of feeders' },
      ),
    ),
    clock: Type.Optional(
      Type.Object({
        source: Type.Union([Type.Literal('wall'), Type.Literal('simulated')]),
        at: Type.String({ format: 'date-time' }),
        rate: Type.Number({ description: 'Seconds per second of the wall' }),
      }),
    ),
    uptimeS: Type.Optional(count),
    reasons: Type.Optional(Type.Array(Type.String(), { description: 'Why it is degraded, a line a part' })),
  },
  { $id: 'Health' },
)

/** How the platform is: words for anybody who asks, the whole for who may read. */
export const healthRoutes = (): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/health',
    operationId: 'getHealth',
    summary: 'Whether the platform is well',
    description: 'Without a user the words for status, db, mqtt and influx only.',
    tag: 'platform',
    right: 'open',
    answers: {
      200: { description: 'Everything is there without which it does not work', schema: healthSchema },
      503: { description: 'Something is not', schema: healthSchema },
    },
    async handle({ identity }) {
      const state = health(process.uptime())
      const { status, db, mqtt, influx } = state
      return {
        status: isServing(state) ? 200 : 503,
        body: may(identity, 'read') ? state : { status, db, mqtt, influx },
      }
    },
  }),
]
