import { Type, type Static } from '@sinclair/typebox'
import { Instant, nullable, words } from './live-fields.ts'

/** What keeps a device from more power, as the control loop names it. */
const controlBindings = ['feeder', 'shed', 'wanted', 'device', 'least-power', 'held', 'lost'] as const

/** Topic `control`, by device id: DERs that have a setpoint, or a share of what their feeders may carry. */
export const LiveControl = Type.Object({
  deviceId: Type.String(),
  feederId: nullable(Type.String(), 'feeder that it is on'),
  ofUnit: Type.Boolean({
    description:
      'it meters a consumer unit: what it is told, and what it goes short of, is shown to those only who may see personal data',
  }),
  setpointKw: nullable(Type.Number(), 'what it is told, kW at its terminals, consumption positive; null: nothing'),
  expiresAt: nullable(Instant, 'when that is over unless it is told anew'),
  share: nullable(
    Type.Object({
      at: Instant,
      powerKw: Type.Number({ description: 'what it got, kW' }),
      deficitKw: Type.Number({ description: 'what it wanted besides, kW' }),
      binding: words(...controlBindings),
      limitFeederId: nullable(Type.String(), 'feeder whose limit, or whose shed target, keeps it from more'),
      limitSource: nullable(Type.String(), 'who set that limit'),
    }),
    'of the newest round over its feeders; null: nobody shares these out',
  ),
})
export type LiveControl = Static<typeof LiveControl>
