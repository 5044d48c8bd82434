import type { DemandMode, DemandProgram } from './demand-answers.ts'
import { typedNumber } from './limit-request.ts'

/** A program as somebody fills it in; texts as typed. */
export interface ProgramForm {
  readonly name: string
  readonly mode: DemandMode
  /** Empty: each root feeder. */
  readonly feederId: string
  /** kW of a limit or a shed target, R$/kWh of a price. */
  readonly amount: string
  readonly elasticity: string
  /** None: it calls only by hand. */
  readonly days: readonly string[]
  readonly from: string
  readonly to: string
  readonly incentive: string
  readonly penalty: string
}

export type ProgramFault = 'name' | 'amount' | 'elasticity' | 'time' | 'money'

const amountFields = { limit: 'limitKw', shed: 'targetShedKw', price: 'priceBrlPerKwh' } as const
const clock = /^([01]\d|2[0-3]):[0-5]\d$/

/** What to send to the API, or which fields are not filled in as it takes them. */
export function programRequest(
  form: ProgramForm,
): { readonly body: object } | { readonly faults: readonly ProgramFault[] } {
  const name = form.name.trim()
  const [amount, elasticity] = [typedNumber(form.amount), typedNumber(form.elasticity)]
  const [incentive, penalty] = [form.incentive, form.penalty].map((text) =>
    text.trim() === '' ? 0 : typedNumber(text),
  )
  const faults: ProgramFault[] = []
  if (name === '' || name.length > 100) faults.push('name')
  if (amount === undefined || amount < 0 || amount > 1_000_000) faults.push('amount')
  const isPrice = form.mode === 'price'
  if (isPrice && (elasticity === undefined || elasticity < -10 || elasticity > 0)) faults.push('elasticity')
  const hasWindow = form.days.length > 0
  if (hasWindow && !(clock.test(form.from) && clock.test(form.to))) faults.push('time')
  if (incentive === undefined || incentive < 0 || penalty === undefined || penalty < 0) faults.push('money')
  if (faults.length > 0) return { faults }
  return {
    body: {
      ...{ name, mode: form.mode, [amountFields[form.mode]]: amount },
      ...(isPrice && { elasticity }),
      ...(form.feederId !== '' && { feederId: form.feederId }),
      ...(hasWindow && { window: { days: form.days, from: form.from, to: form.to } }),
      ...{ incentiveBrlPerKwh: incentive, penaltyBrlPerKwh: penalty },
    },
  }
}

/** The same program, active or not, as the API takes it back: what is null was not given. */
export function withActive(program: DemandProgram, active: boolean): object {
  const { name, mode, feederId, window, timeZone, limitKw, targetShedKw, priceBrlPerKwh } = program
  const { direction, elasticity, incentiveBrlPerKwh, penaltyBrlPerKwh, enrolledOnly, snapbackMinutes } = program
  const given = { feederId, limitKw, targetShedKw, priceBrlPerKwh, window: window && withoutNull(window) }
  return {
    ...{ name, mode, timeZone, direction, elasticity, incentiveBrlPerKwh, penaltyBrlPerKwh },
    ...{ enrolledOnly, snapbackMinutes, active, ...withoutNull(given) },
  }
}

const withoutNull = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
