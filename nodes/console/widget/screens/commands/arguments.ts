import type { Arguments, ArgumentSchema, ArgumentValue, CommandClass } from './answers.ts'

/** What is wrong with what somebody typed for an argument; the page says it in the user's words. */
export type ArgumentFault =
  | { readonly kind: 'missing' | 'number' | 'whole' | 'choice' }
  | { readonly kind: 'least' | 'most'; readonly bound: number }

/** What was typed, as far as it can be sent. */
export interface ReadArguments {
  readonly args: Arguments
  /** By argument; empty: all of it can be sent. */
  readonly faults: ReadonlyMap<string, ArgumentFault>
}

/**
 * Reads what somebody typed by the schema of the class: what it forbids is never asked for.
 * @param typed  texts by argument, as they stand in the fields; decimals with comma or point
 */
export function readArguments({ args: schema }: Pick<CommandClass, 'args'>, typed: Texts): ReadArguments {
  const args: Record<string, ArgumentValue> = {}
  const faults = new Map<string, ArgumentFault>()
  const required = new Set(schema.required ?? [])
  for (const [name, each] of Object.entries(schema.properties ?? {})) {
    const text = (typed[name] ?? '').trim()
    if (text === '') {
      if (required.has(name)) faults.set(name, { kind: 'missing' })
      continue
    }
    const read = readOne(each, text)
    if (typeof read === 'object') faults.set(name, read)
    else args[name] = read
  }
  return { args, faults }
}
type Texts = Readonly<Record<string, string>>

function readOne(schema: ArgumentSchema, text: string): ArgumentValue | ArgumentFault {
  if (schema.enum) return schema.enum.includes(text) ? text : { kind: 'choice' }
  if (schema.type !== 'number' && schema.type !== 'integer') return text
  // One separator only: 1.234,5 may be meant either way, and a wrong guess would be a thousand times too much.
  if (!/^[+-]?\d+([.,]\d+)?$/.test(text)) return { kind: 'number' }
  const value = Number(text.replace(',', '.'))
  if (schema.type === 'integer' && !Number.isInteger(value)) return { kind: 'whole' }
  if (schema.minimum !== undefined && value < schema.minimum) return { kind: 'least', bound: schema.minimum }
  if (schema.maximum !== undefined && value > schema.maximum) return { kind: 'most', bound: schema.maximum }
  return value
}
