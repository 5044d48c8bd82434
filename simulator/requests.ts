import { Ajv, type ErrorObject } from 'ajv'
import {
  longestSimulationRequest,
  type Refusal,
  type SimulationAction,
  simulationActions,
  SimulationEnvelope,
  type SimulationRequest,
} from '../platform/wire/simulation.ts'

/** A request, or why it is none; `id` where there is somebody to answer. */
export type ReadRequest =
  | { readonly is: 'request'; readonly request: SimulationRequest }
  | { readonly is: 'refused'; readonly id?: string; readonly refusal: Refusal }

const ajv = new Ajv({ verbose: true, strict: false })
const isEnvelope = ajv.compile<{ id: string; action: SimulationAction; parameters?: object }>(SimulationEnvelope)
const areParameters = Object.fromEntries(
  Object.entries(simulationActions).map(([action, schema]) => [action, ajv.compile(schema)]),
)

/** Reads the payload of `sim/control`. Never throws. */
export function readRequest(payload: string): ReadRequest {
  if (payload.length > longestSimulationRequest)
    return {
      is: 'refused',
      refusal: { field: 'payload', problem: `has more than ${longestSimulationRequest} characters` },
    }
  let body: unknown
  try {
    body = JSON.parse(payload)
  } catch {
    return { is: 'refused', refusal: refusalOf('payload', payload, 'must be JSON') }
  }
  if (!isEnvelope(body)) {
    const id = idOf(body)
    return { is: 'refused', ...(id !== undefined && { id }), refusal: faultOf(isEnvelope.errors![0]!) }
  }
  const { id, action, parameters = {} } = body
  const check = areParameters[action]!
  if (!check(parameters)) return { is: 'refused', id, refusal: faultOf(check.errors![0]!) }
  return { is: 'request', request: { id, action, parameters } as SimulationRequest }
}

const longestShown = 80

/** A refusal of a value, which is shortened, and left out where it is an object or an array. */
export function refusalOf(field: string, value: unknown, problem: string): Refusal {
  if (typeof value === 'string') {
    const text = value.length > longestShown ? `${value.slice(0, longestShown).toWellFormed()}…` : value
    return { field, value: text, problem }
  }
  const isPlain = value === null || typeof value === 'number' || typeof value === 'boolean'
  return { field, ...(isPlain && { value }), problem }
}

function idOf(body: unknown): string | undefined {
  const id: unknown = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined
  return typeof id === 'string' && id !== '' && id.length <= 64 ? id : undefined
}

function faultOf({ keyword, instancePath, params, data, message = '' }: ErrorObject): Refusal {
  const field = instancePath.slice(1) || 'payload'
  if (keyword === 'required') return { field: String(params['missingProperty']), problem: 'is missing' }
  if (keyword === 'additionalProperties')
    return { field: String(params['additionalProperty']).slice(0, 64), problem: 'is no field of this request' }
  if (keyword === 'enum')
    return refusalOf(field, data, `must be one of ${(params['allowedValues'] as string[]).join(', ')}`)
  return refusalOf(field, data, message)
}
