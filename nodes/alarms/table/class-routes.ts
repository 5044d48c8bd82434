import { Type } from '@sinclair/typebox'
import { IdentifierParameter } from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { defaultClasses } from '../domain/default-classes.ts'
import { differencesOf, nothingChanged } from '../domain/table-overrides.ts'
import { changeTable } from './change-table.ts'
import { storedTable } from './stored-table.ts'
import { changing } from './table-audit.ts'
import { Class, ClassContent, classOf } from './table-fields.ts'
import { changeAnswers, changed, classesPath as path, Made, ofVersion, tableAt, tag } from './table-parameters.ts'

const params = Type.Object({ name: IdentifierParameter('The class', 'equipment') })
const { name: _name, ...exampleContent } = defaultClasses.find(({ name }) => name === 'equipment')!

/** Classes of alarms: what may be done with them and for how long. They are versioned with the table. */
export const classRoutes = ({ database, access }: Services): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path,
    operationId: 'listAlarmClasses',
    summary: 'Classes of alarms: limits of shelving, latching, re-alarm and escalation',
    ...{ tag, right: 'read' as const, query: ofVersion },
    answers: {
      200: {
        description: 'Classes, by name',
        schema: Type.Object({ version: Type.Integer(), items: Type.Array(Class) }),
      },
    },
    async handle({ query }) {
      const { table, classes } = await tableAt(database, query.version)
      return { body: { version: table.version, items: table.classes.map((one) => classOf(one, classes)) } }
    },
  }),
  defineRoute({
    method: 'PUT',
    path: `${path}/{name}`,
    operationId: 'putAlarmClass',
    summary: 'Say what a class is to be; it is made where there is none',
    description: 'Makes a version of the master alarm table. Alarms that stand follow at once.',
    ...{ tag, right: 'configure-alarms' as const, refusesItself: true as const, params },
    body: Type.Object(
      { ...changed, class: ClassContent },
      { examples: [{ version: 0, reason: 'As it is shipped, on purpose', class: exampleContent }] },
    ),
    answers: {
      200: { description: 'The class as it is now', schema: Type.Composite([Made, Type.Object({ class: Class })]) },
      ...changeAnswers,
    },
    async handle(request) {
      const { body } = request
      const { name } = request.params
      const alarmClass = { name, ...body.class }
      const { version } = await changing(
        access,
        request,
        {
          ...{ subject: `alarm class ${name}`, base: body.version, reason: body.reason },
          placeOf: ({ of, field }) => (of === name ? `body.class.${field}` : `${of}.${field}`),
        },
        (by) =>
          changeTable(database, body.version, by, ({ table }) => {
            const before = table.classes.find((one) => one.name === name)
            const same = before && differencesOf(before, alarmClass).length === 0
            return same ? nothingChanged : { ...nothingChanged, classes: new Map([[name, alarmClass]]) }
          }),
      )
      const { table, classes } = await storedTable(database, version)
      return { body: { version, class: classOf(table.classNamed(name), classes) } }
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${path}/{name}`,
    operationId: 'deleteAlarmClass',
    summary: 'Take back what was said of a class: what is shipped holds again, or there is none',
    description: 'One that entries name, and that is not shipped, cannot go.',
    ...{ tag, right: 'configure-alarms' as const, refusesItself: true as const, params },
    query: Type.Object(changed),
    answers: { 200: { description: 'Taken back', schema: Made }, ...changeAnswers },
    async handle(request) {
      const { name } = request.params
      const { version: base, reason } = request.query
      const { version } = await changing(
        access,
        request,
        { subject: `alarm class ${name}`, base, reason, placeOf: ({ of, field }) => `${of}.${field}` },
        async (by) => {
          const stored = await storedTable(database)
          if (!stored.classes.has(name)) throw notFound('override of a class', 'path.name', name)
          const classes = new Map([[name, null]])
          return changeTable(database, base, by, () => ({ ...nothingChanged, classes }))
        },
      )
      return { body: { version } }
    },
  }),
]
