import { Type } from '@sinclair/typebox'
import { DatabaseError } from 'pg'
import { may } from '../access/identity.ts'
import { platformClock } from '../clock/clock.ts'
import { IdentifierParameter, Instant, Nullable } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { conflict, notFound } from '../http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import type { Services } from '../http/services.ts'
import { parseInstant } from '../wire/instant.ts'
import { queriesOf } from '../storage/queries.ts'
import {
  correctHolder,
  eraseHolders,
  findHolder,
  type Holder,
  type HolderFields,
  insertHolder,
  listHolders,
  lockUnit,
  searchHolders,
  unitExists,
} from './holder-repository.ts'
import { masked, maskedName } from './mask.ts'
import { recordPersonal } from './personal-access.ts'

const unitId = IdentifierParameter('The consumer unit', 'unit-001')
const line = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]+$', description, examples: [example] })
const name = line(200, 'Name of the person or firm', 'Maria da Silva')
const document = Type.String({
  pattern: '^([0-9]{11}|[0-9A-Z]{12}[0-9]{2})$',
  description: 'CPF or CNPJ, without marks',
  examples: ['12345678909'],
})
const given = {
  address: Type.Optional(Nullable(line(300, 'Address', 'Rua A, 1, São Paulo'))),
  phone: Type.Optional(Nullable(Type.String({ pattern: '^[+0-9 ()-]{5,30}$', examples: ['+55 11 5555-0100'] }))),
  email: Type.Optional(Nullable(Type.String({ format: 'email', maxLength: 254, examples: ['maria@example.org'] }))),
  document: Type.Optional(Nullable(document)),
}
const shownText = (description: string) => Nullable(Type.String({ description }))
const HolderSchema = Type.Object(
  {
    unitId,
    name: Type.String({ description: 'Name of the person or firm', examples: ['Maria da Silva', 'M*** d*** S***'] }),
    address: shownText('Address'),
    phone: shownText('Telephone'),
    email: shownText('E-mail'),
    document: shownText('CPF or CNPJ'),
    validFrom: Nullable(Instant('Since when; null: always')),
    validTo: Nullable(Instant('Until before when; null: without end')),
    masked: Type.Boolean({ description: 'true: the caller may not see personal data' }),
  },
  { $id: 'UnitHolder' },
)
const params = Type.Object({ unitId })
const path = '/api/units/{unitId}/holder' as const
const keys = new Keyset(Type.Object({ unitId: Type.String() }))
const unitOf = ({ unitId }: { unitId: string }) => ({ unitId })

/**
 * Who holds the consumer units: personal data in the sense of the LGPD. Shown to those who need them, masked to others;
 * every look at them is written down, and nothing of what was seen.
 */
export const holderRoutes = ({ database, access }: Services): readonly ApiRoute[] => {
  async function shownTo(request: ApiRequest<unknown, unknown, unknown>, holders: readonly Holder[]) {
    if (!may(request.identity, 'personal')) return holders.map(maskedHolder)
    const event = request.format === 'csv' ? 'personal_exported' : 'personal_read'
    await recordPersonal(
      access,
      request,
      event,
      holders.map(({ unitId }) => unitId),
    )
    return holders.map(shownHolder)
  }
  async function checkUnit(unit: string): Promise<void> {
    if (!(await unitExists(database, unit))) throw notFound('unit', 'path.unitId', unit)
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/holders',
      operationId: 'listHolders',
      summary: 'Who holds the consumer units now',
      tag: 'personal data',
      right: 'read',
      query: Type.Object(pageQuery()),
      answers: {
        200: { description: 'By unit; masked for those who may not see personal data', schema: pageOf(HolderSchema) },
      },
      csv: Object.keys(HolderSchema.properties).map((column) => ({ name: column, kind: 'text' })),
      async handle(request) {
        const { cursor, limit } = request.query
        const page = { after: keys.after(cursor)?.unitId, limit: limit + 1 }
        const { items, nextCursor } = keys.page(await listHolders(database, platformClock.now(), page), limit, unitOf)
        return { body: { items: await shownTo(request, items), nextCursor } }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/holders/search',
      operationId: 'searchHolders',
      summary: 'Find holders by name or document',
      description: 'What is sought goes in the body: addresses of requests are kept in logs.',
      tag: 'personal data',
      right: 'personal',
      query: Type.Object(pageQuery()),
      body: Type.Object({ text: line(200, 'Part of the name, or the whole document', 'silva') }),
      answers: { 200: { description: 'By unit', schema: pageOf(HolderSchema) } },
      async handle(request) {
        const { cursor, limit } = request.query
        const page = { after: keys.after(cursor)?.unitId, limit: limit + 1 }
        const rows = await searchHolders(database, platformClock.now(), request.body.text, page)
        const { items, nextCursor } = keys.page(rows, limit, unitOf)
        await recordPersonal(
          access,
          request,
          'personal_searched',
          items.map(({ unitId }) => unitId),
        )
        return { body: { items: items.map(shownHolder), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path,
      operationId: 'getHolder',
      summary: 'Who holds a consumer unit now',
      tag: 'personal data',
      right: 'read',
      params,
      answers: {
        200: { description: 'The holder; masked for those who may not see personal data', schema: HolderSchema },
      },
      async handle(request) {
        const unit = request.params.unitId
        await checkUnit(unit)
        const holder = await findHolder(database, unit, platformClock.now())
        if (!holder) throw notFound('holder of unit', 'path.unitId', unit)
        const [shown] = await shownTo(request, [holder])
        return { body: shown }
      },
    }),
    defineRoute({
      method: 'PUT',
      path,
      operationId: 'putHolder',
      summary: 'Say who holds a consumer unit',
      description:
        'With `validFrom` somebody new, from then on; whoever held it before does so no longer. Without, a correction of what is known of the present holder, whose address and the like are those given; or, where nobody is known, somebody new from now on.',
      tag: 'personal data',
      right: 'personal',
      params,
      body: Type.Object({
        name,
        ...given,
        validFrom: Type.Optional(Type.String({ format: 'date-time', description: 'Since when' })),
      }),
      answers: {
        200: { description: 'The holder', schema: HolderSchema },
        409: { description: 'Somebody is entered for a later time' },
      },
      async handle(request) {
        const unit = request.params.unitId
        const { name, address = null, phone = null, email = null, document = null, validFrom } = request.body
        await checkUnit(unit)
        const fields = { name, address, phone, email, document }
        const from = validFrom === undefined ? undefined : parseInstant(validFrom)!
        const holder = await enterHolder(database, unit, fields, from)
        await recordPersonal(access, request, 'personal_changed', [unit])
        return { body: shownHolder(holder) }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path,
      operationId: 'eraseHolders',
      summary: 'Erase everybody who ever held a consumer unit',
      description:
        'For good, but for backups. Readings, indicators and the access log stay: they name nobody but the unit.',
      tag: 'personal data',
      right: 'personal',
      params,
      answers: { 204: { description: 'Erased' } },
      async handle(request) {
        const unit = request.params.unitId
        await checkUnit(unit)
        if ((await eraseHolders(database, unit)) === 0) throw notFound('holder of unit', 'path.unitId', unit)
        await recordPersonal(access, request, 'personal_erased', [unit])
        return {}
      },
    }),
  ]
}

/** @throws Problem 409 */
async function enterHolder(
  database: Services['database'],
  unitId: string,
  fields: HolderFields,
  from: number | undefined,
): Promise<Holder> {
  const now = platformClock.now()
  try {
    return await database.transaction(async (client) => {
      await lockUnit(client, unitId)
      const corrected = from === undefined && (await correctHolder(client, unitId, fields, now))
      if (!corrected) await insertHolder(client, unitId, fields, from ?? now, now)
      return (await findHolder(queriesOf(client), unitId, Math.max(now, from ?? now)))!
    })
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '23P01')
      throw conflict('somebody is entered for a later time: erase, or give a later validFrom')
    throw error
  }
}

const shownHolder = ({ validFrom, validTo, ...holder }: Holder) => ({
  ...holder,
  validFrom: validFrom?.toISOString() ?? null,
  validTo: validTo?.toISOString() ?? null,
  masked: false,
})

function maskedHolder(holder: Holder) {
  const hidden = (value: string | null) => (value === null ? null : masked)
  const { name, address, phone, email, document } = holder
  return {
    ...shownHolder(holder),
    name: maskedName(name),
    ...{ address: hidden(address), phone: hidden(phone), email: hidden(email), document: hidden(document) },
    masked: true,
  }
}
