import type { DemandMode } from './demand-answers.ts'
import { typedNumber } from './limit-request.ts'

/** An event as somebody fills it in; texts as typed. */
export interface EventForm {
  /** Empty: each root feeder. */
  readonly feederId: string
  readonly mode: DemandMode
  /** kW of a limit or a shed target, R$/kWh of a price. */
  readonly amount: string
  /** Of a price. */
  readonly elasticity: string
  /** Empty: now; else local, as a field for date and time has it. */
  readonly start: string
  readonly minutes: string
  readonly type: string
}

export type EventFault = 'amount' | 'elasticity' | 'start' | 'minutes' | 'type'

const longestMinutes = 7 * 24 * 60
const amountFields = { limit: 'limitKw', shed: 'targetShedKw', price: 'priceBrlPerKwh' } as const

/**
 * What to send to the API, or which fields are not filled in as it takes them.
 * @param idempotencyKey  one for each time that the form is opened: sent twice it is one event
 */
export function eventRequest(
  form: EventForm,
  idempotencyKey: string,
): { readonly body: object } | { readonly faults: readonly EventFault[] } {
  const amount = typedNumber(form.amount)
  const minutes = typedNumber(form.minutes)
  const elasticity = typedNumber(form.elasticity)
  const startsAt = form.start === '' ? undefined : Date.parse(form.start)
  const type = form.type.trim()
  const faults: EventFault[] = []
  if (amount === undefined || amount < 0 || amount > 1_000_000) faults.push('amount')
  if (form.mode === 'price' && (elasticity === undefined || elasticity < -10 || elasticity > 0))
    faults.push('elasticity')
  if (startsAt !== undefined && Number.isNaN(startsAt)) faults.push('start')
  if (minutes === undefined || minutes <= 0 || minutes > longestMinutes) faults.push('minutes')
  if (type !== '' && !/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/.test(type)) faults.push('type')
  if (faults.length > 0) return { faults }
  return {
    body: {
      [amountFields[form.mode]]: amount,
      ...(form.mode === 'price' && { elasticity }),
      ...(form.feederId !== '' && { feederId: form.feederId }),
      ...(startsAt !== undefined && { tsStart: new Date(startsAt).toISOString() }),
      ...{ durationMinutes: minutes, idempotencyKey },
      ...(type !== '' && { type }),
    },
  }
}

/** A key that nobody else makes up: 128 bits of chance. */
export function newKey(): string {
  // crypto.randomUUID is there on https and localhost only.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
