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
    return refused(undefined, 'payload', `has ${payload.length} characters: it takes ${longestSimulationRequest}`)
  let body: unknown
  try {
    body = JSON.parse(payload)
  } catch {
    return refused(undefined, 'payload', `is ${shown(payload)}: it takes JSON`)
  }
  if (!isEnvelope(body)) return refused(idOf(body), ...faultOf(isEnvelope.errors![0]!))
  const { id, action, parameters = {} } = body
  const check = areParameters[action]!
  if (!check(parameters)) return refused(id, ...faultOf(check.errors![0]!))
  return { is: 'request', request: { id, action, parameters } as SimulationRequest }
}

const refused = (id: string | undefined, field: string, problem: string): ReadRequest => ({
  ...{ is: 'refused', refusal: { field, problem } },
  ...(id !== undefined && { id }),
})

function idOf(body: unknown): string | undefined {
  const id: unknown = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined
  return typeof id === 'string' && id !== '' && id.length <= 64 ? id : undefined
}

/** The field at fault, and what is wrong with it. */
function faultOf({ keyword, instancePath, params, data, message }: ErrorObject): [field: string, problem: string] {
  const field = instancePath.slice(1) || 'payload'
  if (keyword === 'required') return [String(params['missingProperty']), 'is missing']
  if (keyword === 'additionalProperties')
    return [String(params['additionalProperty']).slice(0, 64), 'is no field of this request']
  if (keyword === 'enum')
    return [field, `is ${shown(data)}: it takes ${(params['allowedValues'] as string[]).join(', ')}`]
  return [field, `is ${shown(data)}: it ${message}`]
}

/** A value as a line shows it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
