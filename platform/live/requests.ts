import { Ajv, type ErrorObject } from 'ajv'
import { liveTopics, Subscribe, Unsubscribe, type ClientMessage, type Refusal } from '../wire/live.ts'

const ajv = new Ajv({ strict: true, verbose: true })
const checks = { subscribe: ajv.compile(Subscribe), unsubscribe: ajv.compile(Unsubscribe) }

/**
 * Reads what a client said.
 * @returns the message, or why it cannot be taken: one line that names the field and the value
 */
export function readRequest(text: string): ClientMessage | Refusal {
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return refusal('bad_message', `not JSON: ${shown(text)}`)
  }
  if (typeof said !== 'object' || said === null) return refusal('bad_message', `not an object: ${shown(said)}`)
  const { type, topic, ref } = said as { type?: unknown; topic?: unknown; ref?: unknown }
  const about = Number.isSafeInteger(ref) && (ref as number) >= 0 ? { ref: ref as number } : {}
  if (type !== 'subscribe' && type !== 'unsubscribe')
    return { ...refusal('bad_message', `type: ${shown(type)} is neither subscribe nor unsubscribe`), ...about }
  if (typeof topic === 'string' && !(liveTopics as readonly string[]).includes(topic))
    return { ...refusal('unknown_topic', `topic: ${shown(topic)} is none of ${liveTopics.join(', ')}`), ...about }
  const check = checks[type]
  if (check(said)) return said as ClientMessage
  return { ...refusal('bad_message', describe(check.errors?.[0])), ...about }
}

const refusal = (code: Refusal['code'], detail: string): Refusal => ({ type: 'error', code, detail })

function describe(error: ErrorObject | undefined): string {
  if (!error) return 'not as it should be'
  const { keyword, instancePath, params, data, message } = error
  const field = instancePath.slice(1).replaceAll('/', '.')
  if (keyword === 'required') return `${[field, params['missingProperty']].filter(Boolean).join('.')} is missing`
  if (keyword === 'additionalProperties')
    return `${[field, params['additionalProperty']].filter(Boolean).join('.')} is not known`
  return `${field || 'message'}: ${shown(data)} ${message}`
}

/** Long enough to recognise it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
