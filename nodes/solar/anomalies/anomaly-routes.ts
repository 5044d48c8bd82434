import { Type } from '@sinclair/typebox'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { IdentifierParameter, InstantParameter, OneOf } from '../../../platform/http/fields.ts'
import { instantKey, Keyset, pageOf, pageQuery, serialKey } from '../../../platform/http/pages.ts'
import { badField, notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { anomalyKinds, severities } from '../domain/detectors/anomaly.ts'
import { plantOfPanel } from '../slots/plant-repository.ts'
import { anomalyFields, AnomalySchema, shownAnomaly } from './anomaly-fields.ts'
import { listAnomalies, type AnomalyFilter } from './anomaly-repository.ts'

const tag = 'panels'
const keys = new Keyset(Type.Object({ since: instantKey, anomalyId: serialKey }))
const period = {
  from: Type.Optional(InstantParameter('Those that lasted at this instant or later')),
  until: Type.Optional(InstantParameter('Those that began before this instant')),
  lasting: Type.Optional(Type.Boolean({ description: 'Those that last; false: those that are over' })),
  kind: Type.Optional(OneOf(anomalyKinds, 'Of this kind only')),
  severity: Type.Optional(OneOf(severities, 'Of this severity only')),
}
const answer = { description: 'Anomalies, the newest first', schema: pageOf(AnomalySchema) }
const csv = [
  ...csvColumnsOf(Type.Object(anomalyFields)),
  ...(['en', 'pt'] as const).flatMap((language) =>
    (['details', 'recommendation'] as const).map((name) => ({
      ...{ name: `${name}_${language}`, kind: 'text' as const },
      value: (row: ReturnType<typeof shownAnomaly>) => row[name][language],
    })),
  ),
]

/** Solar panels that do not do what they should. */
export const anomalyRoutes = ({ database }: Services): readonly ApiRoute[] => {
  async function listed(filter: AnomalyFilter, cursor: string | undefined, limit: number) {
    const { from, until } = filter
    if (from !== undefined && until !== undefined && from > until)
      throw badField('query.from', new Date(from).toISOString(), 'must not be after until')
    const rows = await listAnomalies(database, filter, { before: keys.after(cursor), limit: limit + 1 })
    const { items, nextCursor } = keys.page(rows, limit, ({ since, anomalyId }) => ({ since, anomalyId }))
    return { body: { items: items.map(shownAnomaly), nextCursor } }
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/anomalies',
      operationId: 'listAnomalies',
      summary: 'Solar panels that do not do what they should, the newest first',
      description:
        'Each with what shows it, how grave it is and what is to be done. It lasts until `ended_at`; of a kind a panel has one at a time. What operators were told of it stands with the alarms.',
      ...{ tag, right: 'read' },
      query: Type.Object({
        siteId: Type.Optional(IdentifierParameter('Of this site only', 'school-01')),
        panelId: Type.Optional(IdentifierParameter('Of this panel only, and of its whole site', 'panel-001')),
        ...period,
        ...pageQuery(),
      }),
      answers: { 200: answer },
      csv,
      handle: ({ query: { cursor, limit, ...filter } }) => listed(filter, cursor, limit),
    }),
    defineRoute({
      method: 'GET',
      path: '/api/panels/{panelId}/anomalies',
      operationId: 'listPanelAnomalies',
      summary: 'What was amiss with a panel, the newest first',
      description: 'Those of its whole site among them.',
      ...{ tag, right: 'read' },
      params: Type.Object({ panelId: IdentifierParameter('The panel', 'panel-001') }),
      query: Type.Object({ ...period, ...pageQuery() }),
      answers: { 200: answer },
      csv,
      async handle({ params: { panelId }, query: { cursor, limit, ...filter } }) {
        if ((await plantOfPanel(database, panelId)) === undefined) throw notFound('panel', 'path.panelId', panelId)
        return listed({ ...filter, panelId }, cursor, limit)
      },
    }),
  ]
}
