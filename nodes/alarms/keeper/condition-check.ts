import { Ajv, type ErrorObject } from 'ajv'
import { unstorable } from '../../../platform/http/unstorable.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import { Condition, conditionKey } from '../../../platform/wire/condition.ts'
import { showValue } from '../../../platform/wire/show-value.ts'

const validate = new Ajv({ strict: true, allErrors: false, verbose: true }).compile<Condition>(Condition)

/** Conditions in one message. */
export const mostConditions = 10_000
/** Of one condition as JSON, with its text and its evidence. */
const mostCharacters = 20_000
const lastInstant = Date.UTC(9999, 0)

/** A payload that is no condition, with the field and the value at fault. */
class BadCondition extends Error {
  override readonly name = 'BadCondition'
}

/**
 * The conditions of a payload: one, or an array of them.
 * @throws BadCondition  that names field and value; then nothing of the payload is taken
 */
export function conditionsOf(payload: unknown): readonly Condition[] {
  const given: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  if (given.length > mostConditions)
    throw new BadCondition(`payload has ${given.length} conditions: it takes ${mostConditions} at most`)
  return given.map((one, index) => checked(one, Array.isArray(payload) ? `payload[${index}]` : 'payload'))
}

function checked(given: unknown, place: string): Condition {
  if (!validate(given)) throw new BadCondition(describe(validate.errors!, place))
  const key = conditionKey(given.area, given.kind, given.subject)
  if (given.key !== key) throw new BadCondition(`${place}.key is ${showValue(given.key)}: it must be ${showValue(key)}`)
  if (given.at < 0 || given.at > lastInstant)
    throw new BadCondition(`${place}.at is ${given.at}: it takes UTC milliseconds from 1970 to 9998`)
  const characters = charactersOf(given, place)
  if (characters > mostCharacters)
    throw new BadCondition(`${place} (${given.key}) has ${characters} characters: it takes ${mostCharacters} at most`)
  return given
}

/** Of a condition as JSON. Its evidence is whatever a flow has put there. @throws BadCondition  where there is no JSON of it */
function charactersOf(condition: Condition, place: string): number {
  let text: string
  try {
    text = JSON.stringify(condition)
  } catch (error) {
    throw new BadCondition(`${place}.evidence is no JSON: ${messageOf(error)}`, { cause: error })
  }
  if (text.length > mostCharacters) return text.length
  const fault = unstorable(JSON.parse(text))
  if (fault) throw new BadCondition(`${[place, ...fault.path].join('.')} ${fault.problem}`)
  return text.length
}

function describe(errors: readonly ErrorObject[], place: string): string {
  const error = errors[0]!
  if (error.keyword === 'required') return `${place}.${String(error.params['missingProperty'])} is missing`
  const field = `${place}${error.instancePath.replaceAll('/', '.')}`
  // A union of words reports each of them.
  const words = errors.filter(({ keyword, instancePath }) => keyword === 'const' && instancePath === error.instancePath)
  const takes = words.map(({ params }) => String(params['allowedValue'])).join(', ')
  return `${field} is ${showValue(error.data)}: it ${takes ? `takes ${takes}` : (error.message ?? 'is not allowed')}`
}
