import type { RawValue } from './payload.ts'

/** What a metric says: a number, a word, yes or no, or that it has no value (`null`). */
export type MetricValue = number | string | boolean | null

/** Numbers of the data types (Sparkplug 3.0.0, 6.4.16). Their widths in bits, where they are integers. */
const signedBits: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32, 4: 64 }
const unsignedBits: Readonly<Record<number, number>> = { 5: 8, 6: 16, 7: 32, 8: 64, 13: 64 }
const float = 9
const double = 10
const boolean = 11
const textual: ReadonlySet<number> = new Set([12, 14, 15])

/**
 * Reads a value by the data type that its birth gave.
 * @returns undefined where the type is none that a reading has (Template, DataSet, bytes, arrays); a fault where the
 * value does not fit its type
 */
export function readValue(value: RawValue, datatype: number): MetricValue | undefined | { fault: string } {
  if (value === null) return null
  if (datatype in signedBits) return integer(value, datatype, signedBits[datatype]!, true)
  if (datatype in unsignedBits) return integer(value, datatype, unsignedBits[datatype]!, false)
  if (datatype === float || datatype === double) {
    if (typeof value !== 'number') return misfit(value, datatype)
    return datatype === float ? shortest(value) : value
  }
  if (datatype === boolean) return typeof value === 'boolean' ? value : misfit(value, datatype)
  if (textual.has(datatype)) return typeof value === 'string' ? value : misfit(value, datatype)
  return undefined
}

/**
 * Negative integers travel as two's complement in an unsigned field, of 32 bits or of the type's own width: some
 * encoders write -1 of 8 bits as 0xFF, others as 0xFFFFFFFF.
 */
function integer(value: RawValue, datatype: number, bits: number, signed: boolean): number | { fault: string } {
  if (typeof value !== 'bigint') return misfit(value, datatype)
  if (!signed) return value < 1n << BigInt(bits) ? Number(value) : misfit(value, datatype)
  const read = BigInt.asIntN(bits, value)
  const same = [bits, 32, 64].some((width) => width >= bits && BigInt.asUintN(width, read) === value)
  return same ? Number(read) : misfit(value, datatype)
}

/** 127.1 as a Float is 127.09999847…: the shortest decimal that is the same Float is what the meter said. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === value) return rounded
  }
  return value
}

function misfit(value: RawValue, datatype: number): { fault: string } {
  const shown = typeof value === 'object' ? 'a structure' : value === undefined ? 'nothing' : `${typeof value} ${value}`
  return { fault: `${shown.slice(0, 60)} is no value of data type ${datatype}` }
}
