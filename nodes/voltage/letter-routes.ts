import { createHash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { badField, conflict, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { findHolder } from '../../platform/network/holder-repository.ts'
import { recordPersonal, type PersonalEvent } from '../../platform/network/personal-access.ts'
import { agentOf } from '../../platform/regulation/agent.ts'
import { regulationChoices } from '../../platform/regulation/options.ts'
import { letterOf, type Letter } from './domain/letter.ts'
import { letterFactsOf } from './letter-facts.ts'
import { letterHtml, letterStyle } from './letter-html.ts'
import { letterPdf } from './letter-pdf.ts'
import { serial } from './measurement-fields.ts'
import { findMeasurement } from './measurement-repository.ts'
import { findLetterGround } from './paper-repository.ts'

const params = Type.Object({ measurementId: serial('The measurement') })
const query = Type.Object({
  writtenOn: Type.Optional(
    Type.String({ format: 'date', description: 'Date of the letter; today unless given', examples: ['2026-08-24'] }),
  ),
})
type LetterRequest = ApiRequest<{ measurementId: number }, { writtenOn?: string }, undefined>

/** The page has one style and nothing else: no script, nothing from anywhere, in no frame. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(letterStyle).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const description =
  "In pt-BR, to whoever held the unit when the measurement ended, with what is known of it now. Personal data: every look at it is recorded in the access log. The same letter of the same day has the same bytes. It holds the measurement's record for programs (docs/voltage-papers.md)."

/** The letter to the consumer about an official measurement. */
export const letterRoutes = ({ database, access, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)

  async function letterFor(request: LetterRequest, event: PersonalEvent): Promise<Letter> {
    const { measurementId } = request.params
    const writtenOn = request.query.writtenOn ?? days.dayOf(platformClock.now())
    if (days.startOf(writtenOn) === undefined) throw badField('query.writtenOn', writtenOn, 'must be a day, YYYY-MM-DD')
    const agent = agentOf(environment)
    const measurement = await findMeasurement(database, measurementId)
    if (!measurement) throw notFound('measurement', 'path.measurementId', measurementId)
    const ground = await findLetterGround(database, measurementId)
    if (measurement.status !== 'complete' || !measurement.result || !ground)
      throw conflict(`the measurement is ${measurement.status}: there is a letter of one that is complete`)
    const [choices, holder] = await Promise.all([
      regulationChoices(database),
      // The end is of the next instant already.
      findHolder(database, measurement.unitId, measurement.result.endedAt - 1),
    ])
    const { result } = measurement
    await recordPersonal(access, request, event, [measurement.unitId])
    return letterOf(
      letterFactsOf({
        ...{ measurement, result, ground, choices, agent, writtenOn, days, timeZone: environment.TIME_ZONE },
        holder: holder ? { name: holder.name, address: holder.address } : null,
      }),
    )
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/measurements/{measurementId}/letter',
      operationId: 'getVoltageLetter',
      summary: 'The letter to the consumer about a measurement, as a page',
      description,
      tag: 'voltage quality',
      right: 'personal',
      ...{ params, query },
      answers: {
        200: { description: 'The letter', type: 'text/html; charset=utf-8' },
        409: { description: 'The measurement is not complete, or nobody said which distributor this is' },
      },
      async handle(request) {
        const letter = await letterFor(request, 'personal_read')
        return { body: letterHtml(letter), headers: { 'Content-Security-Policy': policy } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/voltage/measurements/{measurementId}/letter.pdf',
      operationId: 'getVoltageLetterPdf',
      summary: 'The letter to the consumer about a measurement, as a PDF',
      description,
      tag: 'voltage quality',
      right: 'personal',
      ...{ params, query },
      answers: {
        200: { description: 'The letter', type: 'application/pdf' },
        409: { description: 'The measurement is not complete, or nobody said which distributor this is' },
      },
      async handle(request) {
        const letter = await letterFor(request, 'personal_exported')
        const name = `medicao-${request.params.measurementId}.pdf`
        return { body: await letterPdf(letter), headers: { 'Content-Disposition': `inline; filename="${name}"` } }
      },
    }),
  ]
}
