import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import {
  IdentifierParameter,
  Instant,
  instantOrNull,
  Name,
  Nullable,
  OneOf,
  rounded,
  roundedOrNull,
} from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { energyBalance } from '../domain/energy-balance.ts'
import { isRegistered } from '../tracking/tracked-repository.ts'
import { feederFlows } from './flow-repository.ts'

const kw = (description: string) => Type.Number({ description: `${description}, kW` })
const Balance = Type.Object(
  {
    feederId: Name('The feeder, with all below it', 'feeder-01'),
    timestamp: Instant('As of when'),
    oldestAt: Nullable(Instant('Of the oldest reading that it rests on')),
    basis: Nullable(
      OneOf(['head', 'devices'], 'What flows in was measured at its head, or is the sum of its devices; null: nothing'),
    ),
    importKw: kw('What flows in'),
    exportKw: kw('What flows back'),
    producedKw: kw('What is generated below'),
    curtailedKw: kw('What PV could generate besides, as last shared out'),
    dischargedKw: kw('What batteries give'),
    chargedKw: kw('What batteries take'),
    evKw: kw('What charging points take'),
    consumedKw: kw('All that is used below, charging among it'),
    selfConsumedKw: kw('Of what is generated, what is used below'),
    selfConsumption: Nullable(Type.Number({ description: 'Its part of what is generated; null: nothing is' })),
    selfSufficiency: Nullable(
      Type.Number({ description: 'Part of what is used that does not flow in; null: nothing is used' }),
    ),
  },
  { $id: 'FeederEnergyBalance' },
)

/** Production, consumption, self-consumption and export of feeders. */
export const balanceRoutes = ({ database, environment }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/feeders/{feederId}/energy-balance',
    operationId: 'getFeederEnergyBalance',
    summary: 'What a feeder produces, uses, uses of its own and feeds back now',
    description:
      'By the newest readings of its devices and of those on all feeders below it; readings that were received more than SILENT_AFTER_SECONDS ago do not count. What flows back is taken to be generated first. Where no meter stands at its head what flows in is the sum of the meters of its units and of the DERs that none of them measures.',
    tag: 'feeders',
    right: 'read',
    params: Type.Object({ feederId: IdentifierParameter('The feeder', 'feeder-01') }),
    answers: { 200: { description: 'The balance', schema: Balance } },
    async handle({ params: { feederId } }) {
      if (!(await isRegistered(database, 'feeder', feederId))) throw notFound('feeder', 'path.feederId', feederId)
      const now = platformClock.now()
      const flows = await feederFlows(database, feederId, now, now - environment.SILENT_AFTER_SECONDS * 1_000)
      const { headKw, devicesKw, oldestAt } = flows
      const balance = energyBalance({ ...flows, netKw: headKw ?? devicesKw ?? 0 })
      return {
        body: {
          ...{ feederId, timestamp: new Date(now).toISOString(), oldestAt: instantOrNull(oldestAt) },
          basis: headKw !== null ? ('head' as const) : devicesKw !== null ? ('devices' as const) : null,
          ...{ importKw: rounded(balance.importKw), exportKw: rounded(balance.exportKw) },
          ...{ producedKw: rounded(flows.generatedKw), curtailedKw: rounded(flows.curtailedKw) },
          ...{ dischargedKw: rounded(flows.dischargedKw), chargedKw: rounded(flows.chargedKw) },
          ...{ evKw: rounded(flows.evKw), consumedKw: rounded(balance.consumedKw) },
          selfConsumedKw: rounded(balance.selfConsumedKw),
          selfConsumption: roundedOrNull(balance.selfConsumption),
          selfSufficiency: roundedOrNull(balance.selfSufficiency),
        },
      }
    },
  }),
]
