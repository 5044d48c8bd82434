import { Type } from '@sinclair/typebox'
import { platformClock } from '../clock/clock.ts'
import { IdentifierParameter, InstantParameter, Name, Nullable } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { notFound } from '../http/problem.ts'
import { defineRoute, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import type { Queries } from '../storage/queries.ts'
import { downstreamOf, suppliedBy } from './model/downstream.ts'
import { type Positions, standing } from './model/energisation.ts'
import { type Network, networkAt, positionsAt } from './model/network.ts'
import { noPhase, textOf } from './model/phases.ts'
import { countUnits, networkHistory, unitsOfSections } from './network-repository.ts'

const at = Type.Optional(InstantParameter('When; now unless given'))
const switchId = IdentifierParameter('The switch, or the source', 'sw-001')
const sectionId = Name('The section', 'feeder-01-a')
const phases = (description: string) => Type.String({ pattern: '^A?B?C?$', description, examples: ['ABC'] })
const units = Type.Integer({ minimum: 0, description: 'Consumer units that hang on it' })
const Section = Type.Object(
  {
    sectionId,
    phases: phases('Those with supply; empty: none'),
    sourceId: Nullable(Name('What supplies it as switches stand; null: nothing', 'src-01')),
    feederId: Nullable(Name('Feeder of that source', 'feeder-01')),
    substationId: Nullable(Name('Substation of that source', 'se-01')),
    units,
  },
  { $id: 'NetworkSection' },
)
const Downstream = Type.Object(
  {
    switchId,
    closed: phases('Those that it is closed in'),
    sections: Type.Array(Type.Object({ sectionId, phases: phases('Those that would lose supply'), units }), {
      description: 'What would lose supply if it were opened',
    }),
    units: Type.Integer({ minimum: 0, description: 'Consumer units that would be interrupted' }),
  },
  { $id: 'Downstream' },
)
const keys = new Keyset(Type.Object({ sectionId: Type.String() }))

/** What supplies what, as switches stand at an instant. */
export const topologyRoutes = ({ database }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/api/registry/sections',
    operationId: 'listSections',
    summary: 'Sections of the network, and what supplies them',
    description: 'By the present state of switches: a section that a tie carried over is supplied by the other feeder.',
    tag: 'network',
    right: 'read',
    query: Type.Object({ at, ...pageQuery() }),
    answers: { 200: { description: 'By name', schema: pageOf(Section) } },
    csv: Object.keys(Section.properties).map((name) => ({ name, kind: name === 'units' ? 'number' : 'text' })),
    async handle({ query: { at = platformClock.now(), cursor, limit } }) {
      const { network, positions } = await operatedAt(database, at)
      const after = keys.after(cursor)?.sectionId ?? ''
      const feedings = suppliedBy(network, positions)
      const names = sectionsOf(network).filter((section) => section > after)
      const page = keys.page(names.slice(0, limit + 1), limit, (sectionId) => ({ sectionId }))
      const counts = await countUnits(database, page.items, at)
      return {
        body: {
          ...page,
          items: page.items.map((sectionId) => {
            const feeding = feedings.get(sectionId)
            const { sourceId = null, feederId = null, substationId = null } = feeding?.source ?? {}
            const phases = textOf(feeding?.phases ?? noPhase)
            return { sectionId, phases, sourceId, feederId, substationId, units: counts.get(sectionId) ?? 0 }
          }),
        },
      }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/registry/switches/{switchId}/downstream',
    operationId: 'getDownstream',
    summary: 'What would lose supply if a switch were opened',
    description:
      'As switches stand then: nothing behind one that is open, or in a loop. A source may be asked for too.',
    tag: 'network',
    right: 'read',
    params: Type.Object({ switchId }),
    query: Type.Object({ at }),
    answers: { 200: { description: 'Sections, and how many units', schema: Downstream } },
    async handle({ params: { switchId }, query: { at = platformClock.now() } }) {
      const { network, positions } = await operatedAt(database, at)
      const now = standing(network, positions)
      const element =
        now.switches.find((each) => each.switchId === switchId) ??
        now.sources.find(({ sourceId }) => sourceId === switchId)
      if (!element) throw notFound('switch', 'path.switchId', switchId)
      const lost = [...downstreamOf(network, positions, switchId)].toSorted(([one], [other]) => (one < other ? -1 : 1))
      const connected = await unitsOfSections(
        database,
        lost.map(([sectionId, phases]) => ({ sectionId, phases })),
        at,
      )
      const bySection = Map.groupBy(connected, ({ sectionId }) => sectionId)
      const sections = lost.map(([sectionId, phases]) => ({
        ...{ sectionId, phases: textOf(phases), units: bySection.get(sectionId)?.length ?? 0 },
      }))
      return { body: { switchId, closed: textOf(element.phases), sections, units: connected.length } }
    },
  }),
]

/** The network at an instant, and how what was operated stands. */
async function operatedAt(queries: Queries, at: number): Promise<{ network: Network; positions: Positions }> {
  const { network, operations } = await networkHistory(queries, at, at + 1)
  return { network: networkAt(network, at), positions: positionsAt(operations, at) }
}

const sectionsOf = ({ sources, switches }: Network): string[] =>
  [
    ...new Set([
      ...sources.map(({ sectionId }) => sectionId),
      ...switches.flatMap(({ sectionA, sectionB }) => [sectionA, sectionB]),
    ]),
  ].toSorted()
