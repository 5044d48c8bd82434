import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Static, TArray, TSchema } from '@sinclair/typebox'
import { showValue } from '../../../platform/wire/show-value.ts'

const ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true })

/** A file for the benchmark that cannot be taken: it names the entry, the field and the value. */
export class BadFile extends Error {
  override readonly name = 'BadFile'
}

/**
 * Reads the text of a file that holds an array of entries.
 * @param name  how the file is called in errors
 * @throws BadFile that names index, field and value
 */
export function readEntries<Entry extends TSchema>(name: string, text: string, schema: TArray<Entry>): Static<Entry>[] {
  const given = parsed(name, text)
  const validate = validatorOf(schema)
  if (!validate(given)) throw new BadFile(describe(name, validate.errors![0]!))
  return given as Static<Entry>[]
}

const compiled = new WeakMap<TSchema, ValidateFunction>()

function validatorOf(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, known)
  return known
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new BadFile(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function describe(name: string, { keyword, params, instancePath, data, message }: ErrorObject): string {
  const place = name + instancePath.replace(/^\/(\d+)/, '[$1]').replaceAll('/', '.')
  if (keyword === 'required') return `${place}.${String(params['missingProperty'])} is missing`
  if (keyword === 'additionalProperties') return `${place}.${String(params['additionalProperty'])} is not taken`
  return `${place} is ${showValue(data)}: it ${message ?? 'is not allowed'}`
}
