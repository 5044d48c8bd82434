import { showValue } from '../../../../platform/wire/show-value.ts'
import type { Action } from '../demand-response/call.ts'
import type { VtnEvent, VtnPayload, VtnPayloadDescriptor, VtnProgram } from './objects.ts'
import { windowsOf, type IntervalWindow, type Looking } from './windows.ts'

/** What an event of a VTN comes to here: a call on a feeder. Instants are UTC milliseconds. */
export interface VtnCall {
  /** Its name within the event: the same for the same interval, payload and feeder. */
  readonly key: string
  /** `id` of the interval, for reports. */
  readonly intervalId: number
  readonly type: string
  /** Null: each root by itself. */
  readonly feederId: string | null
  readonly action: Action
  readonly startsAt: number
  readonly endsAt: number
}

export interface CallContext extends Looking {
  /** Feeders that targets may name. */
  readonly feeders: ReadonlySet<string>
  /** What a feeder carries without an event, kW; of those without it levels say nothing. */
  readonly normalKw: ReadonlyMap<string, number>
  readonly roots: readonly string[]
  /** By how much per cent what is wanted changes where the price is one per cent higher, ≤ 0. */
  readonly elasticity: number
  /** No call begins earlier. */
  readonly notBefore: number
}

export interface EventCalls {
  readonly calls: readonly VtnCall[]
  /** What of it cannot be followed, a sentence each. */
  readonly notTaken: readonly string[]
}

/** A call lasts so long at most: what lasts longer becomes several, one after the other. */
const longestCallMs = 7 * 86_400_000
/** What a feeder may carry at the levels of SIMPLE, of what it carries otherwise: moderate, high and emergency load shed. */
const levelShares = [1, 0.75, 0.5, 0.25] as const
const mostNotTaken = 20

/**
 * What an event calls for in the time that is looked at (OpenADR 3.1.0, Definition, "Event Payload Enumerations"): capacity limits and
 * dispatch setpoints as limits, relative setpoints as load to shed, levels as parts of what the feeder carries, prices as prices.
 * @throws BadObject for intervals that stand nowhere on the clock
 */
export function callsOf(event: VtnEvent, program: VtnProgram | undefined, context: CallContext): EventCalls {
  const notTaken = new Set<string>()
  const calls = windowsOf(event, context).flatMap((window) =>
    window.interval.payloads.flatMap((payload, place) =>
      partsOf(window, payload).flatMap(({ value, from, to, part }) => {
        const descriptor = descriptorOf(payload.type, event, program)
        return feedersOf(event, program, context, payload.type).flatMap((feederId): VtnCall[] => {
          const action = actionOf(payload.type, value, descriptor, feederId, context)
          if (typeof action === 'string') notTaken.add(`intervals.${window.index}.payloads.${place}: ${action}`)
          if (typeof action === 'string' || action === undefined) return []
          const key = keyOf([window.index, place, window.loop, part], feederId)
          return piecesOf(from, to, context).map(({ piece, startsAt, endsAt }) => ({
            ...{ key: piece === 0 ? key : `${key}+${piece}`, intervalId: window.interval.id, type: payload.type },
            ...{ feederId, action, startsAt, endsAt },
          }))
        })
      }),
    ),
  )
  return { calls, notTaken: [...notTaken].slice(0, mostNotTaken) }
}

const keyOf = (numbers: readonly number[], feederId: string | null): string =>
  `${numbers.join('.')}${feederId === null ? '' : `@${feederId}`}`

/** Several values share the interval equally (User Guide 7.3, "multi-valued payloads"). */
function partsOf(
  { from, to }: IntervalWindow,
  { values }: VtnPayload,
): {
  readonly value: VtnPayload['values'][number]
  readonly from: number
  readonly to: number
  readonly part: number
}[] {
  // What has no end has no parts either.
  if (values.length === 1 || to === Infinity) return values.slice(0, 1).map((value) => ({ value, from, to, part: 0 }))
  const length = (to - from) / values.length
  return values.map((value, part) => ({
    ...{ value, part, from: Math.round(from + part * length), to: Math.round(from + (part + 1) * length) },
  }))
}

function piecesOf(
  from: number,
  to: number,
  { at, until, notBefore }: CallContext,
): { readonly piece: number; readonly startsAt: number; readonly endsAt: number }[] {
  const pieces: { piece: number; startsAt: number; endsAt: number }[] = []
  for (let piece = Math.max(0, Math.floor((at - from) / longestCallMs)); ; piece++) {
    const begins = from + piece * longestCallMs
    if (begins >= Math.min(to, until)) return pieces
    const [startsAt, endsAt] = [Math.max(begins, notBefore), Math.min(begins + longestCallMs, to)]
    if (endsAt > at && endsAt > startsAt) pieces.push({ piece, startsAt, endsAt })
  }
}

/** The event's own word on a payload, else the program's. */
const descriptorOf = (
  type: string,
  event: VtnEvent,
  program: VtnProgram | undefined,
): VtnPayloadDescriptor | undefined =>
  [event, program].flatMap((of) => of?.payloadDescriptors ?? []).find(({ payloadType }) => payloadType === type)

/** Feeders that the targets name: of the event, else of its program; else each root. Levels are of each feeder by itself. */
function feedersOf(
  event: VtnEvent,
  program: VtnProgram | undefined,
  { feeders, roots }: CallContext,
  type: string,
): readonly (string | null)[] {
  for (const of of [event, program]) {
    const named = [...new Set(of?.targets ?? [])].filter((target) => feeders.has(target)).toSorted()
    if (named.length > 0) return named
  }
  return type === 'SIMPLE' ? roots : [null]
}

/** What a value asks for; undefined: nothing, as it should be; a text: why nothing comes of it. */
function actionOf(
  type: string,
  value: VtnPayload['values'][number],
  descriptor: VtnPayloadDescriptor | undefined,
  feederId: string | null,
  { normalKw, elasticity }: CallContext,
): Action | string | undefined {
  const number = typeof value === 'number' ? value : undefined
  const refused = (takes: string): string => `${type} is ${showValue(value)}: it takes ${takes}`
  const limit = (direction: 'import' | 'export', limitKw: number): Action => ({
    ...{ mode: 'limit', direction, limitKw, targetShedKw: null },
  })
  switch (type) {
    case 'IMPORT_CAPACITY_LIMIT':
    case 'EXPORT_CAPACITY_LIMIT':
    case 'DISPATCH_SETPOINT':
      if (number === undefined || number < 0) return refused('kW, at least 0')
      return unitFault(type, descriptor, 'KW') ?? limit(type === 'EXPORT_CAPACITY_LIMIT' ? 'export' : 'import', number)
    case 'DISPATCH_SETPOINT_RELATIVE':
      if (number === undefined || number > 0) return refused('kW, at most 0: less consumption')
      if (number === 0) return undefined
      return unitFault(type, descriptor, 'KW') ?? { mode: 'shed', targetShedKw: -number }
    case 'SIMPLE': {
      const share = number === undefined ? undefined : levelShares[number]
      if (share === undefined) return refused('0, 1, 2 or 3')
      if (share === 1) return undefined
      const normal = feederId === null ? undefined : normalKw.get(feederId)
      if (normal === undefined) return `SIMPLE: nobody knows what ${feederId ?? 'each root'} carries otherwise`
      return limit('import', Math.round(normal * share * 100) / 100)
    }
    case 'PRICE':
      if (number === undefined || number < 0) return refused('a price, at least 0')
      if (descriptor?.currency !== 'BRL') return `PRICE in ${showValue(descriptor?.currency ?? null)}: it takes BRL`
      return (
        unitFault(type, descriptor, 'KWH') ?? { mode: 'price', priceBrlPerKwh: number, elasticity, targetShedKw: null }
      )
    default:
      return `${type} is nothing that feeders follow`
  }
}

/** A unit that nobody named is the usual one. */
const unitFault = (type: string, descriptor: VtnPayloadDescriptor | undefined, unit: string): string | undefined =>
  descriptor?.units == null || descriptor.units === unit
    ? undefined
    : `${type} in ${showValue(descriptor.units)}: it takes ${unit}`

/** How a program of a VTN calls, by what it says its events carry: prices, load to shed, or limits. */
export function modeOf({ payloadDescriptors }: VtnProgram): Action['mode'] {
  const types = new Set((payloadDescriptors ?? []).map(({ payloadType }) => payloadType))
  if (types.has('PRICE')) return 'price'
  return types.has('DISPATCH_SETPOINT_RELATIVE') ? 'shed' : 'limit'
}
