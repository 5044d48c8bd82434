import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { fieldContract, fieldKinds, type FieldKind } from '../../../platform/wire/contract.ts'
import type { Reason } from '../../../platform/wire/reasons.ts'
import { showValue } from '../../../platform/wire/show-value.ts'

const ajv = new Ajv({ verbose: true, strict: true, allowUnionTypes: true })
const validators = Object.fromEntries(
  fieldKinds.map((kind) => [kind, ajv.compile(fieldContract[kind].schema)]),
) as unknown as Record<FieldKind, ValidateFunction>

/**
 * Checks the body of a field message against its schema.
 * @returns undefined where it holds, else the reason and the field and value at fault
 */
export function schemaFault(kind: FieldKind, body: object): { reason: Reason; detail: string } | undefined {
  const validate = validators[kind]
  if (validate(body)) return undefined
  const errors = validate.errors ?? []
  return { reason: reasonOf(mostTelling(errors)), detail: describeFault(errors) }
}

/** The field and the value at fault, in one line. */
export function describeFault(errors: ErrorObject[]): string {
  const error = mostTelling(errors)
  if (error.keyword === 'required') return `${String(error.params['missingProperty'])} is missing`
  const field = error.instancePath.slice(1).replaceAll('/', '.') || 'item'
  return `${field}: ${showValue(error.data)} ${expectation(error, errors)}`
}

/** A union reports a fault for each of its branches: the one about a range says more than the one about a type. */
function mostTelling(errors: ErrorObject[]): ErrorObject {
  const error =
    errors.find((e) => rangeKeywords.has(e.keyword)) ?? errors.find((e) => e.keyword !== 'anyOf') ?? errors[0]
  if (!error) throw new Error('a failed validation reported no error')
  return error
}

const rangeKeywords: ReadonlySet<string> = new Set(['minimum', 'maximum'])

function reasonOf(error: ErrorObject): Reason {
  if (error.keyword === 'required') return 'missing_field'
  return rangeKeywords.has(error.keyword) ? 'out_of_range' : 'bad_value'
}

function expectation(error: ErrorObject, errors: ErrorObject[]): string {
  if (error.keyword !== 'const') return error.message ?? 'is not allowed'
  const words = errors.filter(({ keyword, instancePath }) => keyword === 'const' && instancePath === error.instancePath)
  return `must be ${words.map(({ params }) => String(params['allowedValue'])).join(' or ')}`
}
